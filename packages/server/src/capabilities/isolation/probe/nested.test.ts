import { afterEach, beforeEach, expect, describe, it } from 'vitest'
import { system, Watch } from '../../../../test/looking.ts'
import { TrackerApi, trackerFlaws, trackerQuirks } from '../../../../test/tracker-api.ts'
import { trackerCanaries } from '../../../../test/tracker-document.ts'
import { isolationCollector } from '../collect.ts'
import { operationsOf } from './openapi.ts'

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
  'tells a project of another tenant from a missing one':
    /changeTask: another tenant's object answers unlike a missing one, when its body names/,
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

  it('is sound where the app says that all may name an object of anybody', async () => {
    app.flaw = 'tells a project of another tenant from a missing one'
    app.canaries = { ...trackerCanaries, global: ['changeTask.project'] }
    expect(await look(watch())).toMatchObject({ outcome: 'pass' })
  })

  it('makes a thing where it is put below another, and not where a known one is put', () => {
    const tag = { content: { 'application/json': { schema: { properties: { tag_id: {} } } } } }
    const paths = {
      '/projects/{project}/tasks': { post: { operationId: 'createTask' } },
      '/tasks/{task}': { delete: { operationId: 'deleteTask' } },
      '/tasks/{task}/tags': { post: { operationId: 'putTag', requestBody: tag } },
      '/tasks/{task}/labels': { post: { operationId: 'putLabel' } },
      '/tags/{tag}': { delete: { operationId: 'deleteTag' } },
      '/labels': { post: { operationId: 'createLabel' } },
      '/labels/{label}': { delete: { operationId: 'deleteLabel' } },
    }
    const objects = { project: '1', task: '2', tag: '3', label: '4' }
    const tenants = { a: { objects }, b: { objects } }
    const document = JSON.stringify({ openapi: '3.1.0', paths })
    const all = operationsOf(document, { tenants, operations: [] }, 'here')
    const makes = all.flatMap(({ name, makes: made }) => (made ? [[name, made]] : []))
    expect(makes).toEqual([
      ['createTask', 'task'],
      ['createLabel', 'label'],
    ])
  })
})
