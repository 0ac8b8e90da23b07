import { openClient } from '@kept/client'
import { setTimeout as sleep } from 'node:timers/promises'
import { idOf } from '../app/tenants.ts'
import type { Stage } from './acts.ts'
import { askApp } from './ask-app.ts'
import { lookNow } from './look-now.ts'
import { signerOf } from './people.ts'

const mover = 'Elm Logistics'

/** Moves a tenant to a database of its own, or back, while it goes on writing invoices over the app's API. */
export async function moveWhileWriting(stage: Stage): Promise<string> {
  const { companies, productions, time } = stage
  const [company, production] = [companies[2]!, productions[2]!]
  const tenant = idOf(mover)
  const client = openClient(company.origin, { signer: signerOf(company.people[0]!, time) })
  const { cluster: from } = await client.get('/api/tenants/{tenant}', {
    params: { path: { tenant } },
  })
  const isLeaving = from === 'shared-db'
  const token = production.tokens[tenant]!.admin
  const app = { url: production.app.url, authority: stage.authority, token }
  const written: string[] = []
  const over = new AbortController()
  const writing = (async () => {
    while (!over.signal.aborted) {
      const made = await askApp(app, 'POST', '/invoices', {
        customer: idOf(`customer ${mover}`),
        number: `${Date.now()}-${written.length}`,
        amount_cents: 100,
      })
      if (made.status === 200) written.push((made.body as { id: string }).id)
      else await sleep(20)
    }
  })()
  try {
    await client.post('/api/moves', {
      body: {
        tenant,
        cluster: isLeaving ? 'own-db' : 'shared-db',
        kind: isLeaving ? 'dedicated' : 'shared',
      },
    })
    await settled(client)
  } finally {
    over.abort()
    await writing
  }
  const found = await Promise.all(written.map((id) => askApp(app, 'GET', `/invoices/${id}`)))
  const lost = found.filter(({ status }) => status !== 200).length
  await lookNow(company, 'database.placement')
  await lookNow(company, 'service.placement-routing')
  const where = isLeaving ? 'has a database of its own now' : 'shares its database again'
  return `${mover} ${where}; it wrote ${written.length} invoices meanwhile, of which ${lost} are lost`

  async function settled(asking: typeof client): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      const { moves } = await asking.get('/api/moves', { params: { query: { tenant } } })
      const [last] = moves
      if (last?.endedAt !== null && last?.state === 'done') return
      if (last?.endedAt) throw new Error(`the move ended as ${last.state}: ${last.reason ?? ''}`)
      await sleep(100)
    }
    throw new Error('the move goes on for a minute: see /api/moves')
  }
}
