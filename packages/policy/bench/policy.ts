import { median, time, type Benchmark, type Row } from '../../../scripts/measure.ts'
import { readPolicies } from '../src/index.ts'

const schema = `
entity User = { clearance: Long };
entity Doc = { owner: User, level: Long };
action read, write appliesTo { principal: User, resource: Doc };
`
const asks = 2000
const rounds = 5

/** What one decision costs, how long policies take to be read, and what a condition in SQL costs. */
const benchPolicy: Benchmark = async (say) => {
  const rows: Row[] = []
  for (const count of [10, 100, 1000]) {
    say(`${count} policies`)
    rows.push(...(await ofCount(count)))
  }
  return rows
}
export default benchPolicy

async function ofCount(count: number): Promise<Row[]> {
  const texts = Array.from(
    { length: count },
    (_, i) => `permit (principal is User, action == Action::"${i % 2 ? 'read' : 'write'}", resource)
      when { resource.level > ${i} && resource.owner == principal };`,
  )
  const given = { schema, policies: Object.fromEntries(texts.entries()) }
  const reading = await time(() => readPolicies(given))
  const policies = readPolicies(given)
  const principal = { type: 'User', id: 'ada', attrs: { clearance: 2 } }
  const owner = { __entity: { type: 'User', id: 'ada' } }
  const resource = { type: 'Doc', id: 'd', attrs: { level: 3, owner } }
  const ask = { principal, action: 'read', resource }
  const many = { principal, action: 'read', resourceType: 'Doc' }
  const columns = { level: 'level', owner: 'owner' }
  return [
    { name: `read ${count} policies`, value: reading * 1000, unit: 'ms', target: null },
    await micros(`decide by ${count} policies`, asks, () => policies.decide(ask)),
    await micros(`SQL of ${count} policies`, asks / 20, () => policies.toSql(many, columns)),
  ]
}

async function micros(name: string, times: number, work: () => unknown): Promise<Row> {
  work()
  const samples: number[] = []
  for (let round = 0; round < rounds; round++) {
    const seconds = await time(() => {
      for (let i = 0; i < times; i++) work()
    })
    samples.push((seconds / times) * 1e6)
  }
  return { name, value: median(samples), unit: 'us', target: null }
}
