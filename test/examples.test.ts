import { describe, expect, it } from 'vitest'
import {
  compile,
  judgePage,
  isRead,
  kindsOf,
  languageRules,
  maySpeak,
  readEvidence,
  readSystems,
  selectSubjects,
  type Rule,
} from '../packages/page/src/index.ts'
import { companies, letterOf, rows, type Letter } from '../examples/promises.ts'
import { formatFor } from '../packages/page/test/objections.ts'
import { read, readShared } from './repository.ts'

const noon = Date.parse('2026-11-20T12:00:00Z')
const letters = Object.keys(companies) as Letter[]
const folders = [...letters.map((letter) => companies[letter].folder), 'small']

function kept(folder: string) {
  const source = read(`examples/${folder}/security.md`)
  const page = compile(source, { format: 'markdown', now: noon })
  const { register, findings } = readSystems(read(`examples/${folder}/systems.yaml`))
  return { page, register, findings }
}

/** What the prose says wrong is another matter: the pages have their flaws on purpose. */
function isOfLanguage(rule: Rule): boolean {
  return (languageRules as readonly Rule[]).includes(rule)
}

describe.each(folders)('%s/security.md', (folder) => {
  const { page, register, findings } = kept(folder)

  it('compiles', () => {
    expect(page.findings.filter(({ rule }) => isOfLanguage(rule))).toEqual([])
    expect(page.company).not.toBeNull()
    expect(page.contact).not.toBeNull()
    expect(page.timeZone).not.toBe('UTC')
  })

  it('links every promise', () => {
    expect(page.unlinked.filter(({ verdict }) => verdict === 'unbacked')).toEqual([])
  })

  it('names each claim, as a published page must', () => {
    expect(page.claims.filter((claim) => !claim.named)).toEqual([])
    expect(new Set(page.claims.map((claim) => claim.id)).size).toBe(page.claims.length)
  })

  it('speaks of systems that systems.yaml holds, each with a runner', () => {
    expect(findings).toEqual([])
    for (const { id, obligations } of page.claims) {
      for (const { proof, params } of obligations) {
        for (const need of proof.needs) {
          const { subjects, missing } = selectSubjects(need, params, register)
          expect(missing, `${id}: ${need.kind}`).toEqual([])
          expect(subjects.length, `${id}: ${need.kind} has no subject`).toBeGreaterThan(0)
          for (const kind of kindsOf(need)) {
            const mute = subjects.filter(
              (subject) => !register.runners.some((runner) => maySpeak(runner, kind, subject.id)),
            )
            expect(mute, `${id}: no runner may speak of ${kind}`).toEqual([])
          }
        }
      }
    }
  })
})

describe.each(letters)('the page of company %s before Kept', (letter) => {
  const { folder, before } = companies[letter]
  const source = read(`examples/${folder}/${before}`)

  it('says each promise at its line', () => {
    const lines = source.split('\n')
    for (const row of rows.filter((one) => letterOf(one) === letter)) {
      const { line, words } = row.before
      const at = lines.flatMap((text, i) => (text.includes(words) ? [i + 1] : []))
      expect(at, `${row.id}: "${words}"`).toEqual([line])
    }
  })

  it('compiles without a claim', () => {
    const page = compile(source, { format: formatFor(before), now: noon })
    expect(page.claims).toEqual([])
    expect(page.findings.filter(({ rule }) => isOfLanguage(rule))).toEqual([])
  })

  it('copies no sentence of the real page', ({ skip }) => {
    const real = readShared(`pages/${companies[letter].page}`)
    if (real === null) return skip('../shared is not beside this clone')
    const ours = [
      source,
      read(`examples/${folder}/security.md`),
      ...rows.filter((row) => letterOf(row) === letter).map((row) => row.promise),
    ].map(wordsOf)
    const theirs = real.split(/[.!?:]\s|\n/).map(wordsOf)
    const copied = theirs.filter(
      (one) => one.split(' ').length > 7 && ours.some((text) => text.includes(one)),
    )
    expect(copied).toEqual([])
  })
})

/** The words of a text and nothing else, to compare sentences by. */
function wordsOf(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
}

describe('the small example at noon of 20 November 2026', () => {
  const { page, register } = kept('small')
  const told = readEvidence(read('examples/small/evidence.jsonl'))
  const { findings } = told
  const evidence = told.evidence.filter(isRead)
  const verdicts = judgePage(page, register, evidence, noon).claims.map(
    ({ claim, verdict }) => [claim.id, verdict.verdict] as const,
  )

  it('is kept, but for one claim due and one attested', () => {
    expect(findings).toEqual([])
    expect(Object.fromEntries(verdicts)).toEqual({
      isolated: 'kept',
      'at-rest': 'kept',
      'in-transit': 'kept',
      'breach-notice': 'kept',
      'incident-team': 'kept',
      backups: 'kept',
      switchover: 'due',
      recovery: 'kept',
      critical: 'kept',
      'iso-27001': 'attested',
    })
  })

  it('counts every piece of its evidence', () => {
    expect(judgePage(page, register, evidence, noon).uncounted).toEqual([])
  })

  it('has no sentence that a careful reader objects to', () => {
    expect(page.findings).toEqual([])
    expect(page.unlinked).toEqual([])
  })

  it('uses all of its evidence', () => {
    const needed = new Set(
      page.claims.flatMap(({ obligations }) =>
        obligations.flatMap(({ proof }) => proof.needs.flatMap(kindsOf)),
      ),
    )
    expect(evidence.filter((one) => !needed.has(one.kind))).toEqual([])
    expect(new Set(evidence.map((one) => one.kind))).toEqual(needed)
  })

  it('decays by itself within a day', () => {
    const later = judgePage(page, register, evidence, noon + 86_400_000)
    expect(later.claims.some(({ verdict }) => verdict.verdict === 'stale')).toBe(true)
    expect(later.claims.every(({ verdict }) => verdict.verdict !== 'unproven')).toBe(true)
  })
})
