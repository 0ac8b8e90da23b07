import { Link } from 'wouter'
import type { Evidence } from './api.ts'
import { Table, When } from './parts.tsx'
import { Outcome } from './verdict.tsx'

/** Evidence as rows; what was measured stands as it came. */
export function EvidenceTable({
  evidence,
  subject = true,
  label = 'Evidence',
}: {
  evidence: readonly Evidence[]
  subject?: boolean
  label?: string
}) {
  return (
    <Table
      label={label}
      heads={['Outcome', 'Seen', ...(subject ? ['System'] : []), 'Kind', 'Measured', 'By', 'Entry']}
    >
      {evidence.map((one) => (
        <tr key={`${one.runner} ${one.kind} ${one.subject} ${one.id}`}>
          <td>
            <Outcome of={one.outcome} />
          </td>
          <td data-label="Seen">
            <When at={one.observedAt} />
          </td>
          {subject && (
            <td data-label="System">
              <Link href={`/console/systems/${encodeURIComponent(one.subject)}`}>
                {one.subject}
              </Link>
            </td>
          )}
          <td data-label="Kind">
            <code>{one.kind}</code>
          </td>
          <td className="long" data-label="Measured">
            {Object.entries(one.measured).map(([name, value]) => (
              <span key={name} className="measure">
                {name} <b>{sayMeasure(value)}</b>
              </span>
            ))}
            {one.note && <span className="soft block">{one.note}</span>}
          </td>
          <td data-label="By">{one.runner}</td>
          <td data-label="Entry">
            {one.entry === null ? (
              'waits'
            ) : (
              <Link href={`/console/ledger/${one.entry}`}>{one.entry}</Link>
            )}
          </td>
        </tr>
      ))}
    </Table>
  )
}

function sayMeasure(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}
