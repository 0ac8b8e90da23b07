import { Link } from 'wouter'
import { codeOf, kept, useChange, useRead, type ClaimDetail } from './api.ts'
import { Loaded, Page, Problem, Table, When, capital } from './parts.tsx'
import { Strip, Verdict } from './verdict.tsx'
import { EvidenceTable } from './evidence.tsx'

/** One claim: what it rests on, part by part, and what its verdict was before. */
export default function ClaimPage({ id }: { id: string }) {
  const claim = useRead('/api/claims/{id}', { params: { path: { id } } }, 10)
  const strips = useRead('/api/strips', undefined, 60)
  const days = strips.data?.strips.find((one) => one.claim === id)?.days
  if (codeOf(claim.error) === 'not-found') {
    return (
      <Page title="No such claim">
        <p>
          The page has no claim <code>{id}</code>. <Link href="/console">All claims</Link>
        </p>
      </Page>
    )
  }
  return (
    <Loaded of={claim}>
      {(shown) => (
        <>
          <p className="crumbs">
            <Link href="/console">Board</Link> / {shown.heading}
          </p>
          <Page title={shown.text}>
            <Ruling claim={shown} />
            {days && (
              <>
                <Strip days={days} large />
                <p className="axis">
                  <span>90 days ago</span>
                  <span>today</span>
                </p>
              </>
            )}
            <Parts claim={shown} />
            <Means claim={shown} />
            <Looks claim={shown} />
            <h2>Evidence</h2>
            {shown.evidence.length === 0 ? (
              <p className="soft">
                None yet. {capital(shown.means.map(({ connect }) => connect).join('; '))}.
              </p>
            ) : (
              <EvidenceTable evidence={shown.evidence} />
            )}
            <History claim={shown} />
          </Page>
        </>
      )}
    </Loaded>
  )
}

function Ruling({ claim }: { claim: ClaimDetail }) {
  return (
    <>
      <p className="ruling">
        <Verdict of={claim.verdict} />
        {claim.until && (
          <>
            {' '}
            until <When at={Date.parse(claim.until)} /> (
            <When at={Date.parse(claim.until)} distance />)
          </>
        )}
      </p>
      <p>{claim.because}</p>
      <p className="soft">
        {claim.judgedAt && (
          <>
            Judged <When at={Date.parse(claim.judgedAt)} distance />.{' '}
          </>
        )}
        <a href={`/claims/${encodeURIComponent(claim.id)}`}>As the public sees it</a> ·{' '}
        <code>{claim.id}</code>
      </p>
    </>
  )
}

function Parts({ claim }: { claim: ClaimDetail }) {
  if (claim.parts.length === 0) return null
  return (
    <>
      <h2>What it rests on</h2>
      <Table label="What it rests on" heads={['Verdict', 'System', 'Kind', 'Because', 'Until']}>
        {claim.parts.map((part) => (
          <tr key={`${part.kind} ${part.subject} ${part.because}`}>
            <td>
              <Verdict of={part.verdict} />
            </td>
            <td data-label="System">{part.subject ?? '–'}</td>
            <td data-label="Kind">
              <code>{part.kind ?? '–'}</code>
            </td>
            <td className="long" data-label="Because">
              {part.because}
            </td>
            <td data-label="Until">{part.until === null ? '–' : <When at={part.until} />}</td>
          </tr>
        ))}
      </Table>
    </>
  )
}

function Means({ claim }: { claim: ClaimDetail }) {
  return (
    <>
      <h2>What it means</h2>
      <dl className="facts">
        {claim.means.map(({ proof, means, freshness }) => (
          <div key={proof}>
            <dt>
              <code>{proof}</code>
            </dt>
            <dd>
              {means}
              {freshness.map(({ kind, says }) => (
                <span className="soft block" key={kind}>
                  <code>{kind}</code>: {says}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

/** When collectors looked last, and what came of it. */
function Looks({ claim }: { claim: ClaimDetail }) {
  const looks = useRead('/api/looks', undefined, 10)
  const kinds = new Set(claim.means.flatMap(({ freshness }) => freshness.map(({ kind }) => kind)))
  const subjects = new Set(claim.parts.map(({ subject }) => subject))
  const own =
    looks.data?.looks.filter(({ kind, subject }) => kinds.has(kind) && subjects.has(subject)) ?? []
  const collect = useChange(
    async (kind: string) => kept.post('/api/collect', { body: { kind } }),
    ['/api/looks', '/api/claims/{id}'],
  )
  const lookNow = async () => {
    for (const kind of new Set(own.map((one) => one.kind))) await collect.mutateAsync(kind)
  }
  if (own.length === 0) {
    return (
      <p className="soft">
        No collector of Kept’s own looks at this: evidence is pushed by a runner, or{' '}
        <Link href={`/console/attest?claim=${encodeURIComponent(claim.id)}`}>
          a person attests it
        </Link>
        .
      </p>
    )
  }
  return (
    <>
      <h2>Looks</h2>
      <ul className="soon">
        {own.map(({ kind, subject, seenAt, nextAt, outcome, note }) => (
          <li key={`${kind} ${subject}`}>
            <span>
              {outcome === null ? (
                <Verdict of="unproven">Not yet</Verdict>
              ) : (
                <Verdict
                  of={outcome === 'pass' ? 'kept' : outcome === 'fail' ? 'broken' : 'unproven'}
                >
                  {capital(outcome)}
                </Verdict>
              )}
            </span>
            <span>
              <code>{kind}</code> at {subject}
              {seenAt && (
                <>
                  , <When at={Date.parse(seenAt)} distance />
                </>
              )}
              ; next <When at={Date.parse(nextAt)} distance />
              {note && <span className="soft block">{note}</span>}
            </span>
          </li>
        ))}
      </ul>
      <p className="acts">
        <button
          type="button"
          className="quiet"
          onClick={() => void lookNow().catch(() => {})}
          disabled={collect.isPending}
        >
          Look now
        </button>
      </p>
      <Problem of={collect.error} />
    </>
  )
}

function History({ claim }: { claim: ClaimDetail }) {
  return (
    <>
      <h2>Its verdict over time</h2>
      {claim.history.length === 0 ? (
        <p className="soft">It was not judged yet.</p>
      ) : (
        <ol className="entries">
          {claim.history.slice(0, 100).map((turn) => (
            <li key={`${turn.at} ${turn.verdict}`}>
              <When at={Date.parse(turn.at)} />
              <div>
                <Verdict of={turn.verdict} /> <span className="soft">{turn.because}</span>
                <p className="soft">
                  page version {turn.version}
                  {turn.entry !== null && (
                    <>
                      {' '}
                      · <Link href={`/console/ledger/${turn.entry}`}>entry {turn.entry}</Link>
                    </>
                  )}
                </p>
              </div>
            </li>
          ))}
        </ol>
      )}
    </>
  )
}
