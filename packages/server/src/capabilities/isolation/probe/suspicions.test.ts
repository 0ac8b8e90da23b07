import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { system, Watch } from '../../../../test/looking.ts'
import { apiTokens } from '../../../../test/made-api.ts'
import { NotesApi, notesFlaws, notesQuirks } from '../../../../test/notes-api.ts'
import { notesCanaries, notesDocument } from '../../../../test/notes-document.ts'
import { isolationCollector } from '../collect.ts'

let app: NotesApi
let address: string
beforeEach(async () => {
  app = new NotesApi()
  address = await app.start()
})
afterEach(() => app.stop())

const watch = () =>
  new Watch(isolationCollector, system({ type: 'service', address, secret: 'CANARIES' }))
const look = (watching: Watch) =>
  watching.look({ secrets: { CANARIES: JSON.stringify(apiTokens) } })

const findings: Record<(typeof notesFlaws)[number], RegExp> = {
  'sums up the notes of all': /readDigest: its answer holds what another tenant wrote/,
  'answers the key of another tenant': /createNote: its answer holds what another tenant wrote/,
  'counts the notes of all in a header': /listNotes: its answer changes with what another tenant/,
  'refuses a reference of another tenant': /createNote: a value that another tenant uses/,
  'goes on with the notes of all': /listNotes: .*on a further page/,
  'finds the members of all by their address': /listMembers: .*when asked with a value of that/,
  'knows the ETag of another tenant': /readNote: .*304.*404.*if-none-match/,
  'tells everybody in HEAD what is there': /readNote: HEAD answers unlike/,
  'checks one of the ids in a list': /lookupNotes: .*beside an own one/,
  'names the member of another tenant in the audit': /listAudit: its answer holds a mail address/,
  'lets a member change its role': /updateMember: the lesser role makes itself/,
}

describe('a suspicion', () => {
  it.each(notesFlaws)('is confirmed when the app %s', async (flaw) => {
    const watching = watch()
    expect(await look(watching)).toMatchObject({ outcome: 'pass' })
    app.flaw = flaw
    const seen = await look(watching)
    expect(seen, seen.note).toMatchObject({ outcome: 'fail' })
    expect(seen.note).toMatch(findings[flaw])
    expect(seen.note, 'it tells no value').not.toMatch(/birch|elm|REF-|canary[0-9a-f]{4}/i)
    app.flaw = null
    expect(await look(watching)).toMatchObject({ outcome: 'pass' })
  })

  it.each(notesQuirks)('is none of a sound app that %s', async (quirk) => {
    app.quirk = quirk
    if (quirk === 'has a board that both share') app.canaries = sharing
    if (quirk === 'says how much room is left for all') {
      expect((await look(watch())).note).toMatch(/readSettings: its answer changes/)
      app.canaries = { ...notesCanaries, global: ['readSettings'] }
    }
    const watching = watch()
    for (let looks = 0; looks < 3; looks++) {
      const seen = await look(watching)
      expect(seen, seen.note).toMatchObject({ outcome: 'pass' })
    }
  })

  it('is confirmed beside another that is none', async () => {
    app.quirk = 'numbers all writes in a header'
    app.flaw = 'counts the notes of all in a header'
    const { note } = await look(watch())
    expect(note).toMatch(/listNotes: its answer changes with what another tenant makes/)
  })

  it('is none where the app says that a value is for one tenant alone', async () => {
    app.flaw = 'refuses a reference of another tenant'
    app.canaries = { ...notesCanaries, global: ['createNote.reference'] }
    expect(await look(watch())).toMatchObject({ outcome: 'pass' })
  })

  it('costs so many requests for each operation and no more', async () => {
    await look(watch())
    expect(app.requests / operations).toBeLessThan(40)
    expect(app.requests / operations).toBeGreaterThan(20)
  })
})

const operations = Object.values(notesDocument.paths).flatMap((path) =>
  Object.keys(path).filter((name) => name !== 'parameters'),
).length
const { a, b } = notesCanaries.tenants
const sharing = {
  ...notesCanaries,
  tenants: {
    a: { objects: { ...a.objects, board: 'board-1' } },
    b: { objects: { ...b.objects, board: 'board-1' } },
  },
}
