import { Link, useSearchParams } from 'wouter'
import { codeOf, useRead, type Claim, type Clock } from './api.ts'
import { Empty, Loaded, Page, When } from './parts.tsx'
import { saySpan, useNow } from './time.ts'
import { Shape, shown, Strip, Verdict, type Shown } from './verdict.tsx'

/** Every claim by its verdict, the worst first; beside them what ends soon and what runs. */
export function Board() {
  const claims = useRead('/api/claims', undefined, 10)
  const strips = useRead('/api/strips', undefined, 60)
  const [search] = useSearchParams()
  const only = search.get('verdict')
  if (codeOf(claims.error) === 'not-found') return <NoPage />
  const byClaim = new Map(strips.data?.strips.map(({ claim, days }) => [claim, days]))
  return (
    <Page title="What we promise">
      <Loaded of={claims}>
        {({ claims: all }) => (
          <>
            <Tally claims={all} only={only} />
            <div className="split">
              <div>
                {shown
                  .toReversed()
                  .filter((verdict) => only === null || verdict === only)
                  .map((verdict) => (
                    <Group
                      key={verdict}
                      verdict={verdict}
                      claims={all.filter((one) => one.verdict === verdict)}
                      strips={byClaim}
                    />
                  ))}
              </div>
              <aside>
                <Lapses />
                <Clocks />
              </aside>
            </div>
          </>
        )}
      </Loaded>
    </Page>
  )
}

function NoPage() {
  return (
    <Page title="What we promise">
      <Empty>
        <p>No page was applied yet, so there is nothing to keep.</p>
        <p>
          Write one, or have <code>kept draft</code> make one of the page that you have; then{' '}
          <Link href="/console/page">apply it</Link>.
        </p>
      </Empty>
    </Page>
  )
}

/** How many there are of each; a click leaves only those. */
function Tally({ claims, only }: { claims: readonly Claim[]; only: string | null }) {
  const counts = shown
    .map((verdict) => [verdict, claims.filter((one) => one.verdict === verdict).length] as const)
    .filter(
      ([verdict, count]) =>
        count > 0 || verdict === 'kept' || verdict === 'broken' || verdict === only,
    )
  return (
    <ul className="tally">
      {counts.map(([verdict, count]) => (
        <li key={verdict}>
          <Link
            href={only === verdict ? '/console' : `/console?verdict=${verdict}`}
            {...(only === verdict ? { 'aria-current': 'true' as const } : {})}
          >
            <span className={`v ${verdict}`}>
              <Shape of={verdict} />
              {count}
            </span>{' '}
            {verdict}
          </Link>
        </li>
      ))}
      <li className="when">
        {only === null ? (
          claims.length === 1 ? (
            '1 claim'
          ) : (
            `${claims.length} claims`
          )
        ) : (
          <Link href="/console">Show all {claims.length}</Link>
        )}
      </li>
    </ul>
  )
}

function Group({
  verdict,
  claims,
  strips,
}: {
  verdict: Shown
  claims: readonly Claim[]
  strips: ReadonlyMap<string, readonly (string | null)[]>
}) {
  if (claims.length === 0) return null
  return (
    <section aria-labelledby={`group-${verdict}`}>
      <h2 id={`group-${verdict}`}>
        <Verdict of={verdict} /> <span className="count">{claims.length}</span>
      </h2>
      <ul className="claims">
        {claims.map((claim) => (
          <li key={claim.id}>
            <div>
              <Link
                href={`/console/claims/${encodeURIComponent(claim.id)}`}
                className={`claim ${claim.verdict}`}
              >
                {claim.text}
              </Link>
              <p className="because">{claim.because}</p>
            </div>
            <div className="margin">
              <span className="until">
                {claim.until ? (
                  <>
                    until <When at={Date.parse(claim.until)} />
                  </>
                ) : (
                  claim.heading
                )}
              </span>
              {strips.has(claim.id) && <Strip days={strips.get(claim.id)!} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Lapses() {
  const lapses = useRead('/api/lapses', { params: { query: { days: 30 } } }, 60)
  const now = useNow()
  return (
    <section aria-labelledby="lapses">
      <h2 id="lapses">Lapses soon</h2>
      <Loaded of={lapses}>
        {({ claims }) =>
          claims.length === 0 ? (
            <p className="soft">Nothing becomes untrue by time alone within 30 days.</p>
          ) : (
            <ol className="soon">
              {claims.slice(0, 12).map((claim) => (
                <li key={claim.id}>
                  <span className={`v ${claim.verdict}`}>
                    {saySpan(Date.parse(claim.until!) - now)}
                  </span>
                  <Link href={`/console/claims/${encodeURIComponent(claim.id)}`}>{claim.text}</Link>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </section>
  )
}

function Clocks() {
  const clocks = useRead('/api/clocks', undefined, 10)
  return (
    <section aria-labelledby="clocks">
      <h2 id="clocks">Clocks</h2>
      <Loaded of={clocks}>
        {({ clocks: all }) => {
          const running = all.filter(({ stoppedAt }) => stoppedAt === null)
          const stopped = all.filter(({ stoppedAt }) => stoppedAt !== null).slice(0, 5)
          return (
            <>
              {running.length === 0 && (
                <p className="soft">
                  None runs. A clock starts by itself when something happens that the page gives a
                  time for.
                </p>
              )}
              <ul className="soon">
                {running.map((clock) => (
                  <Running key={clock.id} clock={clock} />
                ))}
                {stopped.map(({ id, kind, subject, stoppedAt, dueAt }) => {
                  const isLate = dueAt !== null && stoppedAt! > dueAt
                  return (
                    <li key={id}>
                      <Verdict of={isLate ? 'missed' : 'kept'}>
                        {isLate ? 'late' : 'in time'}
                      </Verdict>
                      <span>
                        {subject}, {kind}: stopped <When at={stoppedAt!} />
                      </span>
                    </li>
                  )
                })}
              </ul>
            </>
          )
        }}
      </Loaded>
    </section>
  )
}

/** Counts down to what was promised, and on beyond it. */
function Running({ clock: { kind, subject, dueAt, targetAt, startedAt } }: { clock: Clock }) {
  const now = useNow()
  const left = dueAt === null ? null : dueAt - now
  const isLate = left !== null && left < 0
  const isPastTarget = targetAt !== null && targetAt < now
  const verdict = isLate ? 'broken' : isPastTarget ? 'due' : left === null ? 'unproven' : 'kept'
  return (
    <li>
      <Verdict of={verdict}>
        {left === null ? 'open' : isLate ? `−${saySpan(left)}` : saySpan(left)}
      </Verdict>
      <span>
        {subject}, {kind}:{' '}
        {dueAt === null ? (
          'its due date is not known yet'
        ) : isLate ? (
          <>
            was due <When at={dueAt} />
          </>
        ) : (
          <>
            due <When at={dueAt} />
          </>
        )}
        {targetAt !== null && !isLate && (
          <>
            , aimed at <When at={targetAt} />
          </>
        )}
        , since <When at={startedAt} />
      </span>
    </li>
  )
}
