import { useState } from 'react'
import { Link } from 'wouter'
import { useRead, type Read, type Reads as List } from '../api.ts'
import { Empty, Loaded, Table, When } from '../parts.tsx'
import { Verdict } from '../verdict.tsx'

/** What the staff read: under one grant, or all of a tenant where none is named. */
export function Reads({
  grant,
  tenant,
  ledger,
}: {
  grant: string | null
  /** Null for the tenant's own users, who need not name it. */
  tenant: string | null
  ledger: string
}) {
  const [limit, setLimit] = useState(100)
  const query = { limit, ...(tenant && { tenant }), ...(grant && { grant }) }
  const reads = useRead('/api/reads', { params: { query } }, 10)
  return (
    <Loaded of={reads}>
      {({ records, next, outboxes }) => (
        <>
          {records.length === 0 ? (
            <Empty>
              <p>{sayNothing(outboxes.length, grant !== null)}</p>
            </Empty>
          ) : (
            <>
              <p role="status">{sayCount(records, next !== null)}</p>
              <RecordTable records={records} ledger={ledger} />
            </>
          )}
          {next !== null && limit < most && (
            <p className="acts">
              <button type="button" className="quiet" onClick={() => setLimit(most)}>
                Show older ones
              </button>
            </p>
          )}
          {next !== null && limit >= most && (
            <p className="soft">
              Older ones are handed out by <code>kept access reads</code>.
            </p>
          )}
          <HowFar of={outboxes} />
        </>
      )}
    </Loaded>
  )
}

const most = 500

/** An empty list says something only where somebody looks. */
function sayNothing(outboxes: number, isOne: boolean): string {
  if (outboxes === 0) {
    return 'No app hands its records over here, so nobody can tell what was read.'
  }
  return isOne ? 'Nothing was read under it.' : 'The staff read nothing.'
}

function sayCount(records: readonly Read[], isCut: boolean): string {
  const rows = records.reduce((sum, { detail }) => sum + (idsOf(detail)?.length ?? 0), 0)
  const untold = records.filter(({ detail }) => idsOf(detail) === null).length
  const counted = `${count(records.length, 'read')} of ${count(rows, 'row')}`
  const said = isCut ? `The newest ${records.length}: ${counted}` : counted
  return untold === 0 ? `${said}.` : `${said}; ${untold} of them named no rows.`
}

const count = (many: number, word: string) => `${many} ${word}${many === 1 ? '' : 's'}`

export function RecordTable({
  records,
  ledger,
  label = 'What was read',
}: {
  records: readonly Read[]
  ledger: string
  label?: string
}) {
  return (
    <Table label={label} heads={['When', 'Who', 'What', 'Rows', 'Grant', 'Entry']}>
      {records.map((one) => (
        <tr key={one.id}>
          <td>{one.at === null ? 'no time' : <When at={Date.parse(one.at)} />}</td>
          <td data-label="Who">{one.actor.replace(/^staff:/, '')}</td>
          <td data-label="What">
            <code>{one.action}</code>
            <span className="soft block">{one.database}</span>
          </td>
          <td className="long" data-label="Rows">
            <Rows of={one} />
          </td>
          <td data-label="Grant">
            {one.isCovered === false ? (
              <Verdict of="broken">None let it</Verdict>
            ) : (
              <Verdict of="kept">Allowed</Verdict>
            )}
          </td>
          <td data-label="Entry">
            {one.entry === null ? (
              'waits'
            ) : (
              <Link href={`${ledger}/${one.entry}`}>{one.entry}</Link>
            )}
          </td>
        </tr>
      ))}
    </Table>
  )
}

/** The ids of the rows as the app wrote them; a few at once, many when asked for. */
function Rows({ of: { detail, isCut } }: { of: Read }) {
  const ids = idsOf(detail)
  if (ids === null) {
    const failed = (parse(detail) as { failed?: unknown } | null)?.failed
    if (typeof failed === 'string') return <>none came: {failed}</>
    return <>{isCut ? 'too many to be kept whole' : (detail ?? 'not told')}</>
  }
  if (ids.length === 0) return <>none</>
  const list = <span className="mono">{ids.join(', ')}</span>
  if (ids.length <= 4) return list
  return (
    <details className="ids">
      <summary>{ids.length} rows</summary>
      {list}
    </details>
  )
}

function idsOf(detail: string | null): string[] | null {
  const { ids } = (parse(detail) ?? {}) as { ids?: unknown }
  return Array.isArray(ids) ? ids.map(String) : null
}

function parse(detail: string | null): unknown {
  try {
    return detail === null ? null : JSON.parse(detail)
  } catch {
    return null
  }
}

/** Until when what is shown is all there is. */
function HowFar({ of }: { of: List['outboxes'] }) {
  return of.map(({ database, drainedAt, awaySince }) => (
    <p className="soft" key={database}>
      {drainedAt === null ? (
        <>Nothing of {database} was handed over yet.</>
      ) : (
        <>
          All is here that {database} had recorded by <When at={Date.parse(drainedAt)} />.
        </>
      )}
      {awaySince !== null && (
        <>
          {' '}
          <Verdict of="stale">Away</Verdict> since <When at={Date.parse(awaySince)} />: what was
          read since then comes when it is back.
        </>
      )}
    </p>
  ))
}
