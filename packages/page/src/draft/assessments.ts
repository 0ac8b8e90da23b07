import type { Analysis } from './analysis.ts'
import { frequency, within } from './figures.ts'
import { names } from './lists.ts'
import { unread, type Place, type Reading, type Taken } from './place.ts'

/** Environments other than the one whose data must stay out of them; what something is for is none. */
export function testEnvironments(clause: Analysis, place: Place): Reading {
  if (/\bpurposes?\b/i.test(clause.text)) return null
  const taken = names(clause, { ...place, continued: [] }, 'environments')
  if (taken === unread) return unread
  if (!taken || !Array.isArray(taken.value)) return null
  const value = (taken.value as readonly string[]).filter((name) => name !== 'production')
  return value.length > 0 ? { ...taken, value } : null
}

const risky =
  /\b(?:high[\s-]risk|high risk|security[\s-](?:related|sensitive|relevant|critical)|related to security|concerns? security|sensitive (?:code|change|area|part)|critical (?:code|change|component))/i

/** Of two counts one is for other changes, and nobody can tell which. */
export function risk(clause: Analysis, place: Place): Taken | typeof unread | null {
  const said = [clause.text, place.earlier?.text, place.label?.text].join(' ')
  if (!risky.test(said)) return null
  return [...clause.text.matchAll(/\b(?:one|two|three|four|five|\d)\b/gi)].length > 1
    ? unread
    : { value: 'high' }
}

export function testKinds({ text }: Analysis): Taken | null {
  const kinds = [
    /\bautomat|\bCI\b|\btest suites?\b|\bunit tests?\b/i.test(text) && 'automated',
    /\bmanual|\bby hand\b/i.test(text) && 'manual',
    /\badditional test/i.test(text) && 'additional',
  ]
  const value = kinds.filter((kind): kind is string => Boolean(kind))
  return value.length ? { value } : null
}

/** `Backed up every day, with restore tests` says how often the backup is made, not the test. */
export function restoreFrequency(clause: Analysis): Taken | typeof unread | null {
  const taken = frequency(clause)
  if (taken === null || taken === unread || taken.from === undefined) return taken
  const before = clause.text.slice(0, taken.from)
  const made = /\bback(?:s|ed|ing)?[ -]?ups?\b|\bcop(?:y|ies|ied)\b|\bdumps?\b/i.test(before)
  return made &&
    !/\b(?:restor|test|drill|rehears|practi[sc]|tr(?:y|ied)|exercis|prove|verif|check)/i.test(
      before,
    )
    ? unread
    : taken
}

/** `Fixed within 30 days, and the vendor retests them`: the time is of what stands before it. */
export function retestWithin(clause: Analysis, place: Place): Taken | typeof unread | null {
  const taken = within(clause, place)
  if (taken === null || taken === unread || taken.from === undefined) return taken
  return isOfFixing(clause, taken.from) ? null : taken
}

export function fixWithin(clause: Analysis, place: Place): Taken | typeof unread | null {
  const taken = within(clause, place)
  if (taken === null || taken === unread || taken.from === undefined) return taken
  return isOfFixing(clause, taken.from) ? taken : unread
}

function isOfFixing(clause: Analysis, at: number): boolean {
  const of = (key: string) => clause.of(key).map((hit) => clause.tokens[hit.start]!.from)
  return Math.min(...of('fix')) < at && at < Math.min(...of('retest'))
}

const inside =
  /\b(?:internal|in-house) (?:penetration|pen|security|vulnerability)|\binternally\b|\bscanners? of our own\b|\bour own (?:scanner|team|engineer|security)/i

export function tester(clause: Analysis, place: Place): Taken | null {
  const near = [clause, ...place.beside, ...(place.label ? [place.label] : [])]
  if (near.some(({ text }) => /\bcert[\s-]?in\b/i.test(text))) return { value: 'cert-in' }
  if (near.some(({ text }) => inside.test(text))) return { value: 'internal' }
  return near.some(hasTester) ? { value: 'third-party' } : null
}

/** What is external may be what is tested: `all external systems`. */
const tested =
  /^(?:[\w-]+ )?(?:systems?|hosts?|networks?|perimeter|surfaces?|ips?|addresses|assets|endpoints?|infrastructure|servers?|interfaces?|facing)\b/i

function hasTester(text: Analysis): boolean {
  return text
    .of('third_party')
    .some((hit) => !tested.test(text.text.slice(text.tokens[hit.end - 1]!.to).trimStart()))
}

export function retester({ text }: Analysis): Taken | null {
  if (
    /\b(?:vendor|testers?|testing firm|same firm|the firm|(?:come|comes|came) back|third[\s-]party|auditor|external|consultanc|assessor)/i.test(
      text,
    )
  )
    return { value: 'vendor' }
  return /\b(?:someone|somebody|engineer|person|team) (?:else|outside|other)/i.test(text)
    ? { value: 'outside-team' }
    : null
}
