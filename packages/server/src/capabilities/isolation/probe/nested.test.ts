import { afterEach, beforeEach, expect, describe, it } from 'vitest'
import { system, Watch } from '../../../../test/looking.ts'
import { TrackerApi, trackerFlaws, trackerQuirks } from '../../../../test/tracker-api.ts'
import { isolationCollector } from '../collect.ts'

let app: TrackerApi
let address: string
beforeEach(async () => {
  app = new TrackerApi()
  address = await app.start()
})
afterEach(() => app.stop())

const watch = () =>
  new Watch(isolationCollector, system({ type: 'service', address, secret: 'CANARIES' }))
const look = (watching: Watch) =>
  watching.look({ secrets: { CANARIES: JSON.stringify({ a: 'token-of-a', b: 'token-of-b' }) } })

const findings: Record<(typeof trackerFlaws)[number], RegExp> = {
  'moves a task into a project of another tenant':
    /changeTask: another tenant's object answers unlike a missing one, when its body names/,
  'moves a task there and answers as if it were missing':
    /changeTask: its answer holds what only another tenant may see, when its body names/,
  'renames the first project of all instead of a missing one':
    /readProject: what it reads was changed from another tenant/,
  'adds a task to the project of another tenant and denies it':
    /createTask: what it reads was changed from another tenant/,
  'finds the tasks of all': /search: .*when asked with a value of that tenant as q/,
}

describe('an app of nested things', () => {
  it.each(trackerFlaws)('breaks when it %s', async (flaw) => {
    expect(await look(watch())).toMatchObject({ outcome: 'pass' })
    app.flaw = flaw
    const seen = await look(watch())
    expect(seen, seen.note).toMatchObject({ outcome: 'fail' })
    expect(seen.note).toMatch(findings[flaw])
    expect(seen.note, 'it tells no value').not.toMatch(/harbour|velvet|canary[0-9a-f]{4}/i)
  })

  it.each(trackerQuirks)('is sound when it %s', async (quirk) => {
    app.quirk = quirk
    for (let looks = 0; looks < 3; looks++) {
      const seen = await look(watch())
      expect(seen, seen.note).toMatchObject({ outcome: 'pass' })
    }
    expect(app.things, 'what was made is gone').toHaveLength(6)
  })

  it.each(trackerQuirks)('breaks all the same when it %s', async (quirk) => {
    app.quirk = quirk
    app.flaw = 'renames the first project of all instead of a missing one'
    const seen = await look(watch())
    expect(seen.note).toMatch(/readProject: what it reads was changed from another tenant/)
  })
})
