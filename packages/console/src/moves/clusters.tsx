import { Link } from 'wouter'
import type { Cluster } from '../api.ts'
import { Empty, Table, When } from '../parts.tsx'
import { Verdict } from '../verdict.tsx'

/** Where tenants can be, and how many are. */
export function Clusters({ of }: { of: readonly Cluster[] }) {
  if (of.length === 0) {
    return (
      <Empty>
        <p>
          No cluster is registered, so no tenant is placed anywhere. A person says where one is to
          be created, and it is registered once it is: <code>kept clusters review</code>,{' '}
          <code>kept clusters register</code>.
        </p>
      </Empty>
    )
  }
  return (
    <section aria-labelledby="clusters">
      <h2 id="clusters">Clusters</h2>
      <Table
        label="Where each is, and how many tenants"
        heads={['Cluster', 'Where', 'Tenants', 'State', 'Reviewed']}
      >
        {of.map((one) => (
          <tr key={`${one.cluster} ${one.provider} ${one.region}`}>
            <td>
              <Link href={`/console/systems/${encodeURIComponent(one.cluster)}`}>
                <b>{one.cluster}</b>
              </Link>
            </td>
            <td data-label="Where">
              {one.provider}, {one.region}
            </td>
            <td data-label="Tenants">
              {one.shared + one.dedicated === 0
                ? 'none'
                : [
                    one.shared > 0 && `${one.shared} shared`,
                    one.dedicated > 0 && `${one.dedicated} of its own`,
                  ]
                    .filter(Boolean)
                    .join(', ')}
            </td>
            <td data-label="State">{states[one.state]}</td>
            <td data-label="Reviewed">
              {one.wasReviewed ? 'by' : <Verdict of="due">Late</Verdict>} {one.reviewedBy}{' '}
              <When at={Date.parse(one.reviewedAt)} />
            </td>
          </tr>
        ))}
      </Table>
    </section>
  )
}

const states: Record<Cluster['state'], string> = {
  reviewed: 'reviewed, not registered',
  registered: 'registered',
  gone: 'in systems.yaml no more',
}
