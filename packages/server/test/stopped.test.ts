import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startKept, type Kept } from '../src/server.ts'
import { testKept, type TestKept } from './kept.ts'
import { openRoad } from './road.ts'
import { aloneOn } from './settings.ts'

let kept: TestKept
let road: Awaited<ReturnType<typeof openRoad>>
let server: Kept
beforeAll(async () => {
  kept = await testKept()
  road = await openRoad(kept.urls.server)
  server = await startKept(aloneOn({ ...kept.urls, server: road.url }))
})
afterAll(async () => {
  await server.stop()
  await road.close()
  await kept.stop()
})

const ask = async (path: string) => {
  const answer = await fetch(server.address! + path)
  await answer.text()
  return answer.status
}
const askMany = (count: number) =>
  Promise.all(Array.from({ length: count }, () => ask('/ledger/key')))

// As when postmaster and children get SIGSTOP: connections open, and nobody says anything.
it('answers every request while the database says nothing, and is not ready', async () => {
  expect(new Set(await askMany(20))).toEqual(new Set([200]))
  road.stop()
  const [ready, answers] = await Promise.all([ask('/health/ready'), askMany(40)])
  expect(ready).toBe(503)
  expect(new Set(answers)).toEqual(new Set([503]))
  road.resume()
  await vi.waitFor(async () => expect(await ask('/health/ready')).toBe(200), 20_000)
  expect(new Set(await askMany(20))).toEqual(new Set([200]))
}, 60_000)
