import type { Answer } from '@kept/client'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { kept, useChange, type Cluster } from '../api.ts'
import { Dialog, Form, Problem, Select } from '../parts.tsx'
import { TenantField } from '../tenants.tsx'
import { Verdict } from '../verdict.tsx'

type Kind = 'shared' | 'dedicated'
type Placed = Answer<'/api/tenants/{tenant}', 'get'>

/** A move that was looked up and not begun. */
interface Plan {
  placed: Placed
  to: string
  kind: Kind
}

/** Asks where to; then a second look at what it does, before anything is done. */
export function Start({ clusters }: { clusters: readonly Cluster[] }) {
  const [search] = useSearchParams()
  const [plan, setPlan] = useState<Plan | null>(null)
  const targets = clusters.filter(({ state }) => state === 'registered')
  const look = useChange(async ({ tenant, to, kind }: Record<string, string>): Promise<Plan> => {
    const params = { path: { tenant: tenant! } }
    const placed = await kept.get('/api/tenants/{tenant}', { params })
    return { placed, to: to!, kind: kind as Kind }
  })
  const start = useChange(
    ({ placed: { tenant }, to, kind }: Plan) =>
      kept.post('/api/moves', { body: { tenant, cluster: to, kind } }),
    ['/api/moves', '/api/clusters'],
  )
  if (targets.length === 0) return null
  return (
    <section aria-labelledby="move">
      <h2 id="move">Move a tenant</h2>
      <Form
        send={(fields) => {
          start.reset()
          look.mutate(fields, { onSuccess: setPlan })
        }}
      >
        <TenantField defaultValue={search.get('tenant') ?? ''} />
        <Select label="To" name="to" defaultValue={search.get('to') ?? targets[0]!.cluster}>
          {targets.map(({ cluster, provider, region }) => (
            <option key={cluster} value={cluster}>
              {cluster} ({provider}, {region})
            </option>
          ))}
        </Select>
        <Select label="As" name="kind" defaultValue={search.get('as') ?? 'shared'}>
          <option value="shared">one of several there</option>
          <option value="dedicated">the only one there</option>
        </Select>
        <Problem of={look.error ?? start.error} />
        {start.data && <p role="status">It is planned; how far it is stands above.</p>}
        <p className="acts">
          <button type="submit" disabled={look.isPending || start.isPending}>
            See what it does
          </button>
        </p>
      </Form>
      {plan && (
        <SecondLook
          plan={plan}
          clusters={clusters}
          close={() => setPlan(null)}
          move={() => {
            setPlan(null)
            start.mutate(plan)
          }}
        />
      )}
    </section>
  )
}

function SecondLook({
  plan: { placed, to, kind },
  clusters,
  close,
  move,
}: {
  plan: Plan
  clusters: readonly Cluster[]
  close: () => void
  move: () => void
}) {
  const find = (id: string) => clusters.find(({ cluster }) => cluster === id)
  const [here, there] = [find(placed.cluster), find(to)]
  const isElsewhere = sayPlace(here) !== sayPlace(there)
  return (
    <Dialog title={`Move ${placed.tenant}?`} close={close}>
      <dl className="facts">
        <div>
          <dt>From</dt>
          <dd>
            <b>{placed.cluster}</b> ({sayPlace(here)}), {sayKind(placed.kind)}
          </dd>
        </div>
        <div>
          <dt>To</dt>
          <dd>
            <b>{to}</b> ({sayPlace(there)}), {sayKind(kind)}
          </dd>
        </div>
      </dl>
      {isElsewhere && (
        <p>
          <Verdict of="due">Its data then lies elsewhere</Verdict>: what the page promises of that
          is asked before the first row is copied.
        </p>
      )}
      <ol>
        <li>
          It is looked at whether the move can come to a good end. If not, it is refused before
          anything is written, and says why.
        </li>
        <li>Its rows are copied while its users go on working.</li>
        <li>
          Its writes wait while the last changes are copied and both sides are summed up: longer,
          the more rows it has.
        </li>
        <li>
          From then on it is at home on {to}, and its rows on {placed.cluster} are deleted.
        </li>
      </ol>
      <p className="soft">
        Until the third step is over it can be cancelled, and nothing of it is left on {to}. After
        that only another move brings it back.
      </p>
      <p className="acts">
        <button type="button" onClick={move}>
          Move it
        </button>
        <button type="button" className="quiet" onClick={close}>
          Leave it there
        </button>
      </p>
    </Dialog>
  )
}

function sayPlace(one: Cluster | undefined): string {
  return one ? `${one.provider}, ${one.region}` : 'not registered'
}

function sayKind(kind: Kind): string {
  return kind === 'dedicated' ? 'the only one there' : 'one of several there'
}
