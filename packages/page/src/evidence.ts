import { readInstant, type Instant } from './duration.ts'
import { atMost, findingAt, type Finding } from './finding.ts'
import { indexLines, type Span } from './place.ts'

export const outcomes = ['pass', 'fail', 'inconclusive'] as const
export type Outcome = (typeof outcomes)[number]

export type Measure = number | string | boolean | null | readonly string[]

/** What a runner saw, of one subject, at one time. Instants are milliseconds since 1970. */
export interface Evidence {
  id: string
  kind: string
  subject: string
  outcome: Outcome
  observedAt: Instant
  receivedAt: Instant
  runner: string
  measured: Readonly<Record<string, Measure>>
  /** What the runner says to its own people, as why a check could not run. It decides nothing. */
  note?: string
}

/** A piece of evidence that cannot be read: nobody knows what it says, a failure perhaps. */
export interface Unread {
  /** Where it stands and why it cannot be read. */
  unread: string
  /** What it speaks of, as far as that can be read. */
  kind: string | null
  subject: string | null
}

/** What a file of evidence tells: what cannot be read stays in it, so that nobody judges without it. */
export type Told = Evidence | Unread

export function isRead(told: Told): told is Evidence {
  return !('unread' in told)
}

const fields = [
  'id',
  'kind',
  'subject',
  'outcome',
  'observedAt',
  'receivedAt',
  'runner',
  'measured',
  'note',
]

/**
 * Reads evidence written as JSON lines, one object a line; instants are RFC 3339 with an offset.
 * A line that cannot be read is an error at its place, and told as such: what it may concern is not kept.
 */
export function readEvidence(text: string): {
  evidence: Told[]
  findings: Finding[]
  /** Where each piece stands. */
  spans: ReadonlyMap<Told, Span>
} {
  const evidence: Told[] = []
  const spans = new Map<Told, Span>()
  const findings: Finding[] = []
  const lines = indexLines(text)
  for (let line = 1; line <= lines.count; line++) {
    const to = line < lines.count ? lines.start(line + 1) : text.length
    const whole = text.slice(lines.start(line), to)
    // Trimming takes a byte order mark away too.
    const source = whole.trim()
    if (source === '') continue
    const from = lines.start(line) + whole.indexOf(source)
    const span = { from, to: from + source.length }
    const read = readLine(source)
    if (!isRead(read)) {
      const message = read.unread
      findings.push(findingAt(lines, span, { rule: 'evidence', level: 'error', message }))
      read.unread = `line ${line}: ${message}`
    }
    evidence.push(read)
    spans.set(read, span)
  }
  return { evidence, findings: atMost(findings), spans }
}

function readLine(source: string): Told {
  const entry = readObject(source)
  if (typeof entry === 'string') return { unread: entry, kind: null, subject: null }
  const read = readEntry(entry)
  if (typeof read !== 'string') return read
  return { unread: read, kind: readText(entry['kind']), subject: readText(entry['subject']) }
}

function readText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= 500 ? value : null
}

function readObject(source: string): Record<string, unknown> | string {
  if (isDeep(source)) return 'this line of evidence is nested more than 4 levels deep'
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch {
    return 'this line is not JSON; evidence is one JSON object a line'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'this line is not a JSON object; evidence is one JSON object a line'
  }
  const twice = findTwice(source)
  if (twice !== null) return `"${twice}" stands in one object twice`
  return value as Record<string, unknown>
}

function readEntry(entry: Record<string, unknown>): Evidence | string {
  const unknown = Object.keys(entry).find((key) => !fields.includes(key))
  if (unknown !== undefined)
    return `evidence has no field "${unknown}"; it has ${fields.join(', ')}`
  const { id, kind, subject, outcome, runner } = entry
  for (const name of ['id', 'kind', 'subject', 'runner'] as const) {
    if (readText(entry[name]) === null) {
      return `"${name}" must be a text of 1 to 500 characters`
    }
  }
  if (!outcomes.includes(outcome as Outcome)) return '"outcome" must be pass, fail or inconclusive'
  const observedAt = readTime(entry['observedAt'])
  if (observedAt === null)
    return '"observedAt" must be a time with an offset, as 2026-11-20T12:00:00Z'
  const receivedAt = entry['receivedAt'] === undefined ? observedAt : readTime(entry['receivedAt'])
  if (receivedAt === null)
    return '"receivedAt" must be a time with an offset, as 2026-11-20T12:00:00Z'
  const measured = entry['measured'] ?? {}
  if (!isMeasured(measured)) {
    return '"measured" must be an object of numbers, texts, true or false, or lists of texts'
  }
  const { note } = entry
  if (note !== undefined && readText(note) === null) {
    return '"note" must be a text of 1 to 500 characters'
  }
  const read = { id, kind, subject, outcome, observedAt, receivedAt, runner, measured }
  return { ...read, ...(note === undefined ? {} : { note }) } as Evidence
}

function readTime(value: unknown): Instant | null {
  return typeof value === 'string' ? readInstant(value) : null
}

function isMeasured(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every(
    (one) =>
      one === null ||
      typeof one === 'string' ||
      typeof one === 'boolean' ||
      (typeof one === 'number' && Number.isFinite(one)) ||
      (Array.isArray(one) && one.every((word) => typeof word === 'string')),
  )
}

/** The name that one object of sound JSON gives twice: readers differ on which of the two counts. */
function findTwice(source: string): string | null {
  const open: (Set<string> | null)[] = []
  for (let i = 0; i < source.length; i++) {
    const unit = source[i]
    if (unit === '{' || unit === '[') open.push(unit === '{' ? new Set() : null)
    else if (unit === '}' || unit === ']') open.pop()
    else if (unit === '"') {
      const from = i
      for (i++; source[i] !== '"'; i++) if (source[i] === '\\') i++
      let after = i + 1
      while (/\s/.test(source[after] ?? '')) after++
      if (source[after] !== ':') continue
      const name = JSON.parse(source.slice(from, i + 1)) as string
      const names = open.at(-1)!
      if (names.has(name)) return name
      names.add(name)
    }
  }
  return null
}

/** JSON.parse takes any depth, and later code would overflow: count brackets first. */
function isDeep(source: string): boolean {
  let depth = 0
  let quoted = false
  for (let i = 0; i < source.length; i++) {
    const unit = source[i]
    if (unit === '\\') i++
    else if (unit === '"') quoted = !quoted
    else if (!quoted && (unit === '{' || unit === '[') && ++depth > 4) return true
    else if (!quoted && (unit === '}' || unit === ']')) depth--
  }
  return false
}
