import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { openExample } from '../../../../test/example-sign-in.ts'
import { takeTurn } from '../../../outside/turn.ts'
import { passwordPolicyCollector } from './password-policy.ts'

let example: Awaited<ReturnType<typeof openExample>>
beforeAll(async () => void (example = await openExample()))
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => example.stop())

test(
  'a look that waited its turn for two minutes still knows what time it is',
  { timeout: 120_000 },
  async () => {
    const control = await passwordPolicyCollector.collect(example.subject, example.given())
    expect([control.outcome, control.note]).toEqual(['pass', undefined])
    example.time.advance(60_000)

    // The clock that a look reads for what passes goes on while it waits, as the app's does.
    const real = performance.now.bind(performance)
    let waited = 0
    vi.spyOn(performance, 'now').mockImplementation(() => real() + waited)
    const { promise: over, resolve: end } = Promise.withResolvers<void>()
    const before = takeTurn(`sign-in of ${example.subject.address}`, () => over)
    const looking = passwordPolicyCollector.collect(example.subject, example.given())
    // What another look takes meanwhile.
    setTimeout(() => {
      example.time.advance(120_000)
      waited = 120_000
      end()
    }, 200)
    const seen = await looking
    await before
    expect([seen.outcome, seen.note]).toEqual(['pass', undefined])
  },
)
