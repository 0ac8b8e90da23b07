import { useState } from 'react'
import { Link } from 'wouter'
import { codeOf, kept, useChange, useRead, type Look } from './api.ts'
import { EvidenceTable } from './evidence.tsx'
import { Loaded, Page, Problem, Table, When } from './parts.tsx'
import { TestProviders } from './test-providers.tsx'
import { useNow } from './time.ts'
import { Outcome, Verdict } from './verdict.tsx'

/** One system: what is looked at there, when and by whom, and all that was ever said of it. */
export default function SystemPage({ id }: { id: string }) {
  const subjects = useRead('/api/subjects', undefined, 15)
  const system = subjects.data?.subjects.find((one) => one.id === id)
  if (codeOf(subjects.error) === 'not-found' || (subjects.data && !system)) {
    return (
      <Page title="No such system">
        <p>
          systems.yaml has no <code>{id}</code>. <Link href="/console/systems">All systems</Link>
        </p>
      </Page>
    )
  }
  return (
    <Loaded of={subjects}>
      {() => {
        const { type, provider, environment, regions, evidence } = system!
        const where = [provider, environment, ...regions].filter((one) => one !== null)
        return (
          <>
            <p className="crumbs">
              <Link href="/console/systems">Systems</Link> / {type}
            </p>
            <Page title={id} lede={where.join(' · ')}>
              <Looks id={id} />
              <h2>Newest of each kind</h2>
              {evidence.length === 0 ? (
                <p className="soft">
                  Nobody has said anything of it. The claims that speak of it say what to connect.
                </p>
              ) : (
                <EvidenceTable evidence={evidence} subject={false} label="Newest of each kind" />
              )}
              {evidence.length > 0 && <Everything id={id} />}
              {type === 'service' && <TestProviders service={id} />}
            </Page>
          </>
        )
      }}
    </Loaded>
  )
}

/** What Kept's own collectors look at there; what trouble they have stands in their words. */
function Looks({ id }: { id: string }) {
  const looks = useRead('/api/looks', undefined, 5)
  return (
    <>
      <h2>Looks</h2>
      <Loaded of={looks}>
        {({ looks: all }) => {
          const own = all.filter(({ subject }) => subject === id)
          return own.length === 0 ? (
            <p className="soft">
              No collector of Kept’s own looks at it: what is known of it is pushed by a runner, or
              attested by a person.
            </p>
          ) : (
            <Table
              label="Looks"
              heads={['Outcome', 'Kind', 'Last', 'Next', 'By', 'Trouble', 'Ask']}
            >
              {own.map((look) => (
                <Row key={look.kind} look={look} />
              ))}
            </Table>
          )
        }}
      </Loaded>
    </>
  )
}

function Row({ look: { kind, subject, runner, seenAt, nextAt, outcome, note } }: { look: Look }) {
  const collect = useChange(
    () => kept.post('/api/collect', { body: { kind, subject } }),
    ['/api/looks', '/api/subjects', '/api/evidence'],
  )
  return (
    <tr>
      <td>
        {outcome === null ? <Verdict of="unproven">Not yet</Verdict> : <Outcome of={outcome} />}
      </td>
      <td data-label="Kind">
        <code>{kind}</code>
      </td>
      <td data-label="Last">
        {seenAt === null ? 'never' : <When at={Date.parse(seenAt)} distance />}
      </td>
      <td data-label="Next">
        <Next at={Date.parse(nextAt)} />
      </td>
      <td data-label="By">{runner}</td>
      <td className="long" data-label="Trouble">
        {note ?? (outcome === 'pass' ? 'none' : '–')}
        <Problem of={collect.error} />
      </td>
      <td>
        <button
          type="button"
          className="link"
          onClick={() => collect.mutate(undefined)}
          disabled={collect.isPending}
        >
          Look now<span className="unseen"> at {kind}</span>
        </button>
      </td>
    </tr>
  )
}

/** A worker takes a look within seconds; one that waits for minutes has none. */
const patience = 120_000

function Next({ at }: { at: number }) {
  if (useNow() < at + patience) return <When at={at} distance />
  return (
    <>
      <Verdict of="stale">No worker took it</Verdict>, due <When at={at} distance />
    </>
  )
}

const [few, most] = [25, 500]

function Everything({ id }: { id: string }) {
  const [limit, setLimit] = useState<number>(few)
  const all = useRead('/api/evidence', { params: { query: { subject: id, limit } } }, 30)
  return (
    <>
      <h2>As it came in</h2>
      <Loaded of={all}>
        {({ evidence, next }) => (
          <>
            <EvidenceTable evidence={evidence} subject={false} label="As it came in" />
            {next !== null && limit < most && (
              <p className="acts">
                <button type="button" className="quiet" onClick={() => setLimit(most)}>
                  Show older ones
                </button>
              </p>
            )}
            {next !== null && limit === most && (
              <p className="soft">
                These are the newest {most}; all of it is in the{' '}
                <Link href="/console/ledger">ledger</Link>.
              </p>
            )}
          </>
        )}
      </Loaded>
    </>
  )
}
