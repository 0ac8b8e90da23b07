import { Link } from 'wouter'
import { codeOf, kept, useChange, useRead, type Move } from '../api.ts'
import { Empty, Loaded, Page, Problem, Table, Twice, When } from '../parts.tsx'
import { Verdict } from '../verdict.tsx'
import { Clusters } from './clusters.tsx'
import { Progress } from './progress.tsx'
import { Start } from './start.tsx'

const home = '/console/moves'

/** Where tenants are, and how one is brought elsewhere. */
export default function Moves({ move }: { move: string | null }) {
  const moves = useRead('/api/moves', undefined, 3)
  const clusters = useRead('/api/clusters', undefined, 15)
  if (move !== null) return <OneMove of={moves} id={move} />
  return (
    <Page
      title="Moves"
      lede="Where tenants are, and how one is brought to another database with its rows, without losing a write."
    >
      {codeOf(clusters.error) === 'not-found' ? (
        <Empty>
          <p>
            No page was applied yet. The databases of its systems.yaml are what tenants are placed
            on.
          </p>
        </Empty>
      ) : (
        <Loaded of={clusters}>
          {({ clusters: all }) => (
            <>
              <Clusters of={all} />
              <Loaded of={moves}>{({ moves: list }) => <List of={list} />}</Loaded>
              <Start clusters={all} />
            </>
          )}
        </Loaded>
      )}
    </Page>
  )
}

function List({ of }: { of: readonly Move[] }) {
  const running = of.filter(({ endedAt }) => endedAt === null)
  const over = of.filter(({ endedAt }) => endedAt !== null)
  return (
    <>
      <section aria-label="Under way">
        <h2>Under way</h2>
        {running.length === 0 ? (
          <p className="soft">No tenant is being moved.</p>
        ) : (
          <ul className="rows">
            {running.map((one) => (
              <Line key={one.id} of={one} />
            ))}
          </ul>
        )}
      </section>
      {over.length > 0 && (
        <section aria-label="Before">
          <h2>Before</h2>
          <ul className="rows">
            {over.map((one) => (
              <Line key={one.id} of={one} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Line({ of }: { of: Move }) {
  return (
    <li className="tall">
      <div>
        <Link href={`${home}/${of.id}`}>
          <b>{of.tenant}</b> from {of.from} to {of.to}
        </Link>{' '}
        <Ending of={of} />
        <Told of={of} />
      </div>
      <Cancel of={of} />
      {of.endedAt === null && (
        <div className="whole">
          <Progress of={of} />
        </div>
      )}
    </li>
  )
}

function Ending({ of: { state, cancelled } }: { of: Move }) {
  if (state === 'done') return <Verdict of="kept">Done</Verdict>
  if (state === 'rolled-back') {
    return cancelled ? (
      <Verdict of="unproven">Cancelled</Verdict>
    ) : (
      <Verdict of="broken">Refused</Verdict>
    )
  }
  return cancelled ? (
    <Verdict of="missed">Being cancelled</Verdict>
  ) : (
    <Verdict of="due">Under way</Verdict>
  )
}

/** By whom and when, and where it was refused, why: nothing of it is left there then. */
function Told({ of }: { of: Move }) {
  return (
    <>
      {of.reason !== null && !of.cancelled && <p className="reason">{of.reason}</p>}
      <p className="soft">
        {of.kind === 'dedicated' ? 'to a database of its own' : 'to a shared database'}; started by{' '}
        {of.startedBy} <When at={Date.parse(of.startedAt)} />
        {of.endedAt !== null && (
          <>
            , {of.state === 'done' ? 'done' : 'rolled back, so that it stayed where it was,'}{' '}
            <When at={Date.parse(of.endedAt)} />
          </>
        )}
      </p>
    </>
  )
}

const cancellable: ReadonlySet<Move['state']> = new Set([
  'planned',
  'copying',
  'catching-up',
  'switching',
])

function Cancel({ of: { id, tenant, from, state, cancelled } }: { of: Move }) {
  const cancel = useChange(
    () => kept.post('/api/moves/{move}/cancel', { params: { path: { move: id } } }),
    ['/api/moves'],
  )
  if (cancelled || !cancellable.has(state)) return <Problem of={cancel.error} />
  return (
    <span className="acts">
      <Twice
        label="Cancel the move"
        asks={`${tenant} stays on ${from}, and what was copied is deleted again. If it has switched meanwhile, it is too late.`}
        act={() => cancel.mutate(undefined)}
        busy={cancel.isPending}
      />
      <Problem of={cancel.error} />
    </span>
  )
}

/** One move at an address of its own. */
function OneMove({ of, id }: { of: ReturnType<typeof useRead<'/api/moves'>>; id: string }) {
  return (
    <Loaded of={of}>
      {({ moves }) => {
        const move = moves.find((one) => one.id === id)
        if (!move) {
          return (
            <Page title="No such move">
              <p>
                <Link href={home}>All of the last 500</Link>
              </p>
            </Page>
          )
        }
        return (
          <>
            <p className="crumbs">
              <Link href={home}>Moves</Link> / {move.tenant}
            </p>
            <Page title={`${move.tenant}, from ${move.from} to ${move.to}`}>
              <p className="ruling">
                <Ending of={move} />
              </p>
              <Told of={move} />
              <Progress of={move} />
              <Cancel of={move} />
              <Sums of={move} />
            </Page>
          </>
        )
      }}
    </Loaded>
  )
}

/** What was found the same on both sides before the tenant was told to be there. */
function Sums({ of: { tables } }: { of: Move }) {
  if (tables.length === 0) return null
  return (
    <>
      <h2>The same on both sides</h2>
      <Table label="Rows of each table" heads={['Table', 'Rows', 'Checksum']}>
        {tables.map(({ table, rows, checksum }) => (
          <tr key={table}>
            <td>
              <code>{table}</code>
            </td>
            <td data-label="Rows">{rows}</td>
            <td data-label="Checksum">
              <code>{checksum}</code>
            </td>
          </tr>
        ))}
      </Table>
    </>
  )
}
