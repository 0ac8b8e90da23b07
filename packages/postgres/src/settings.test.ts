import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { quick, removeScratch, scratch } from '../test/scratch.ts'
import { layoutOf } from './layout.ts'
import { renderAccess, renderSettings, type Settings } from './settings.ts'
import { startCluster } from './start.ts'

afterAll(removeScratch)
const render = (settings: Settings) => renderSettings(layoutOf('/x'), '18', false, settings)

test.each([
  'listen_addresses',
  'hba_file',
  'port',
  'data_directory',
  'ssl_key_file',
  'allow_alter_system',
  'include',
])('%s belongs to the cluster', (name) => {
  expect(() => render({ [name]: 'x' })).toThrow(expect.objectContaining({ code: 'bad-setting' }))
})

test.each([
  ['work_mem = 1\nport', '5'],
  ['Work_Mem', '5MB'],
  ['work_mem', "5MB'\nlisten_addresses = '*"],
])('%j = %j cannot smuggle in another line', (name, value) => {
  expect(() => render({ [name]: value })).toThrow(expect.objectContaining({ code: 'bad-setting' }))
  expect(render({ work_mem: '5MB' })).toContain(`work_mem = '5MB'\n`)
})

test('whatever is set is what PostgreSQL reads', async () => {
  const value = fc.string({
    unit: fc.constantFrom("'", '"', '\\', ' ', '#', '=', '\t', 'ä', '0', 'n'),
  })
  const property = fc.asyncProperty(fc.array(value, { minLength: 50 }), async (values) => {
    const named = Object.fromEntries(values.map((one, i) => [`kept.value${i}`, one]))
    const settings = { ...quick, ...named }
    const cluster = await startCluster({ directory: scratch(), settings })
    await cluster.asSuperuser(async (client) => {
      const sql = `select current_setting('kept.value' || i) as value from generate_series(0, $1) as i`
      const { rows } = await client.query<{ value: string }>(sql, [values.length - 1])
      expect(rows.map((row) => row.value)).toEqual(values)
    })
    await cluster.stop()
  })
  await fc.assert(property, { numRuns: 1 })
})

test('with TLS every way over the network is encrypted, and without trust there is none', () => {
  expect(renderAccess('postgres', true)).toMatch(/^hostssl .*scram-sha-256$/m)
  for (const tls of [true, false])
    expect(renderAccess('postgres', tls)).not.toMatch(/trust|peer|md5/)
})
