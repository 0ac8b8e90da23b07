import { afterAll, beforeAll, expect, test } from 'vitest'
import { testKept, type TestKept } from '../../server/test/kept.ts'
import { onePromise } from '../../server/test/one-promise.ts'
import { runReal } from './real-terminal.ts'

let kept: TestKept
let url: string
beforeAll(async () => {
  kept = await testKept()
  url = await kept.serve()
  await apply(onePromise)
  await kept.work()
})
afterAll(() => kept.stop())

async function apply(page: string) {
  const routes = kept.capabilities.flatMap((one) => one.routes ?? [])
  const { operation } = routes.find((one) => one.operation.action === 'claims.apply')!
  const systems = 'endpoints:\n  website: {}\n'
  await kept.ask('operator', operation, { page, systems })
}

const stands = 'the log stands still: an entry has waited for 5 min'

test.each([
  ['status', ['status', '--server']],
  ['verify', ['verify']],
])('%s says when the log stands still, and not when it goes on', async (_, words) => {
  const said = async () => (await runReal([...words, url])).out.replaceAll(/\s+/g, ' ')
  expect(await said()).not.toContain('stands still')
  await apply(`${onePromise}\nOne more word: ${words[0]}.\n`)
  kept.time.advance(60_000)
  expect(await said()).not.toContain('stands still')
  kept.time.advance(240_000)
  expect(await said()).toContain(stands)
  await kept.work()
  expect(await said()).not.toContain('stands still')
})
