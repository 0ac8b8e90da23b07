import { isMap, isScalar, isSeq, parseDocument, type Node, type Pair, type YAMLMap } from 'yaml'
import { atMost, didYouMean, findingAt, type Finding } from './finding.ts'
import { indexLines, type Span } from './place.ts'
import { kindsRead } from './proofs/index.ts'
import {
  holders,
  sections,
  type KeyedRunner,
  type Runner,
  type SubjectType,
  type System,
  type Systems,
} from './register.ts'

const subjectFields = [
  'provider',
  'environment',
  'region',
  'regions',
  'tags',
  'address',
  'secret',
  'note',
] as const
const runnerFields = ['holder', 'name', 'key', 'kinds', 'subjects'] as const
/** Every kind that a proof reads, and every family of kinds. */
const speakable = new Set([
  ...kindsRead,
  ...[...kindsRead].map((kind) => `${kind.split('.')[0]}.*`),
])
const idShape = /^[a-z0-9][a-z0-9._-]{0,99}$/i

/**
 * Reads systems.yaml: sections of subjects (`databases:`, `endpoints:` ...), each a map from id to
 * its fields, and `runners:`. What cannot be read is an error at its place. A subject stays in the
 * register with whatever could be read of it, so that no promise about all is kept without it; a
 * runner is left out, so that it can vouch for nothing. The register says itself what could not be
 * read. Aliases and tags are refused: they can explode.
 */
export function readSystems(source: string): { register: Systems; findings: Finding[] } {
  const text = source.replace(/^\uFEFF/, '')
  const reader = new Reader(text)
  // Keys are compared here: the parser's own look at each pair of a map grows with its square.
  const document = parseDocument(text, { prettyErrors: false, strict: true, uniqueKeys: false })
  // What is broken once breaks what follows: the first few say all there is to mend.
  for (const { pos, code, message } of [...document.errors, ...document.warnings].slice(0, 3)) {
    reader.object({ from: pos[0], to: pos[1] }, sayError(code, message))
  }
  if (document.errors.length === 0 && document.contents !== null) reader.readTop(document.contents)
  reader.checkRunners()
  const findings = atMost(reader.findings)
  const unread = findings.map(({ line, message }) => `line ${line}: ${message}`)
  return { register: { subjects: reader.subjects, runners: reader.runners, unread }, findings }
}

/** The parser goes down into each level, and says so when its stack is used up. */
function sayError(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here: systems.yaml is one'
  if (message.includes('call stack')) return 'the file is nested too deeply to be read'
  return `not YAML: ${message.split('\n')[0]!}`
}

/** A public key as C2SP signed-note writes it: an Ed25519 key has 33 bytes with its type. */
const keyShape = /^[^\s+]+\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})$/

type FieldNodes = Map<string, [Node | null, Span]>

class Reader {
  readonly subjects: System[] = []
  readonly runners: KeyedRunner[] = []
  readonly findings: Finding[] = []
  private readonly lines
  private readonly ids = new Map<string, string>()
  private readonly keys = new Map<string, string>()
  private readonly spoken: { subjects: readonly string[]; span: Span }[] = []

  constructor(text: string) {
    this.lines = indexLines(text)
  }

  object(span: Span, message: string, suggestion: string | null = null): void {
    this.findings.push(
      findingAt(this.lines, span, { rule: 'systems', level: 'error', message, suggestion }),
    )
  }

  readTop(contents: Node): void {
    const known = [...Object.keys(sections), 'runners']
    for (const [key, value, span] of this.entries(contents, 'systems.yaml')) {
      if (key === 'runners') this.readRunners(value)
      else if (Object.hasOwn(sections, key))
        this.readSection(sections[key as keyof typeof sections], key, value)
      else this.unknown(span, `there is no section "${key}"`, key, known)
    }
  }

  private unknown(span: Span, message: string, word: string, known: readonly string[]): void {
    const near = didYouMean(word, known)
    this.object(span, `${message}; there are ${known.join(', ')}`, near)
  }

  private readSection(type: SubjectType, section: string, value: Node | null): void {
    for (const [id, fields, span] of this.entries(value, section)) {
      if (!this.claimId(id, span, section)) continue
      const { read } = this.fields(fields, id, subjectFields)
      const regions = [...this.words(read, 'region'), ...this.words(read, 'regions')]
      this.subjects.push({
        id,
        type,
        provider: this.word(read, 'provider') ?? (type === 'provider' ? id : null),
        environment: this.word(read, 'environment') ?? (type === 'environment' ? id : null),
        regions,
        tags: this.words(read, 'tags'),
        address: this.word(read, 'address'),
        secret: this.word(read, 'secret'),
      })
    }
  }

  private isId(id: string, span: Span): boolean {
    const fits = idShape.test(id)
    if (!fits)
      this.object(span, `"${id}" is not an id: letters, digits and . _ - only, at most 100`)
    return fits
  }

  private claimId(id: string, span: Span, section: string): boolean {
    this.isId(id, span)
    const taken = this.ids.get(id)
    if (taken !== undefined) {
      this.object(
        span,
        `the id "${id}" is already used in ${taken}; ids are unique in the whole file`,
      )
      return false
    }
    this.ids.set(id, section)
    return true
  }

  private readRunners(value: Node | null): void {
    for (const [id, fields, span] of this.entries(value, 'runners')) {
      if (!this.isId(id, span)) continue
      const { read, sound } = this.fields(fields, id, runnerFields)
      if (!sound) continue
      const holder = this.word(read, 'holder')
      if (!holders.some((known) => known === holder)) {
        this.object(
          read.get('holder')?.[1] ?? span,
          `"holder" of a runner is one of: ${holders.join(', ')}`,
        )
        continue
      }
      const [kinds, subjects] = [this.words(read, 'kinds'), this.words(read, 'subjects')]
      if (kinds.length === 0 || subjects.length === 0) {
        this.object(span, `the runner "${id}" needs kinds and subjects it may speak of; "*" is all`)
        continue
      }
      this.spoken.push({ subjects, span: read.get('subjects')![1] })
      this.checkKinds(kinds, read.get('kinds')![1])
      const key = this.word(read, 'key')
      if (key !== null) this.checkKey(id, key, read.get('key')![1])
      this.runners.push({
        id,
        holder: holder as Runner['holder'],
        name: this.word(read, 'name'),
        key,
        kinds,
        subjects,
      })
    }
  }

  /** Two ids with one key would be two people who are one. */
  private checkKey(id: string, key: string, span: Span): void {
    const [, material] = keyShape.exec(key) ?? []
    if (material === undefined) {
      this.object(span, `the key of "${id}" is none; \`kept keys\` prints one, as name+id+base64`)
      return
    }
    const other = this.keys.get(material)
    if (other !== undefined)
      this.object(span, `"${id}" has the key of "${other}": each has its own`)
    this.keys.set(material, id)
  }

  /** A kind mistyped here would leave its evidence uncounted without a word. */
  private checkKinds(kinds: readonly string[], span: Span): void {
    for (const kind of kinds.filter((one) => one !== '*' && !speakable.has(one))) {
      this.object(span, `no proof reads evidence of "${kind}"`, didYouMean(kind, speakable))
    }
  }

  /** A subject mistyped here would leave its evidence uncounted without a word. */
  checkRunners(): void {
    for (const { subjects, span } of this.spoken) {
      for (const subject of subjects.filter((one) => one !== '*' && !this.ids.has(one))) {
        const near = didYouMean(subject, this.ids.keys())
        this.object(span, `no system "${subject}" for a runner to speak of`, near)
      }
    }
  }

  /** The entries of a map, with the place of each key; anything else is an error. */
  private *entries(node: Node | null, where: string): Generator<[string, Node | null, Span]> {
    if (node === null || (isScalar(node) && node.value === null)) return
    if (!isMap(node)) {
      this.object(spanOf(node), `${where} must be a map from names to their fields`)
      return
    }
    if (this.refuseTag(node)) return
    const seen = new Set<string>()
    for (const pair of (node as YAMLMap<Node, Node | null>).items) {
      const key = this.key(pair)
      if (key === null) continue
      if (seen.has(key)) this.object(spanOf(pair.key), `"${key}" stands in ${where} twice`)
      else yield [key, plain(pair.value), spanOf(pair.key)]
      seen.add(key)
    }
  }

  /** A tag may mean anything to another reader of the file. */
  private refuseTag(node: Node): boolean {
    const tag = (node as { tag?: string }).tag
    if (tag !== undefined) this.object(spanOf(node), `the tag ${tag} is not read; write plain YAML`)
    return tag !== undefined
  }

  private key(pair: Pair<Node, Node | null>): string | null {
    if (isScalar(pair.key) && ['string', 'number'].includes(typeof pair.key.value)) {
      return String(pair.key.source ?? pair.key.value)
    }
    this.object(
      spanOf(pair.key),
      'this key is not a plain word; aliases and complex keys are not read',
    )
    return null
  }

  private fields(
    node: Node | null,
    id: string,
    known: readonly string[],
  ): { read: FieldNodes; sound: boolean } {
    const read: FieldNodes = new Map()
    if (node === null || (isScalar(node) && node.value === null)) return { read, sound: true }
    if (!isMap(node)) {
      this.object(spanOf(node), `"${id}" must be a map of: ${known.join(', ')}`)
      return { read, sound: false }
    }
    let sound = true
    for (const [key, value, span] of this.entries(node, id)) {
      if (known.includes(key)) read.set(key, [value, span])
      else {
        this.unknown(span, `"${id}" has no field "${key}"`, key, known)
        sound = false
      }
    }
    return { read, sound }
  }

  private word(fields: FieldNodes, name: string): string | null {
    const field = fields.get(name)
    if (!field) return null
    const words = this.words(fields, name)
    if (words.length === 1) return words[0]!
    this.object(field[1], `"${name}" must be one word`)
    return null
  }

  private words(fields: FieldNodes, name: string): string[] {
    const field = fields.get(name)
    if (!field) return []
    const [node, span] = field
    const nodes = node !== null && isSeq(node) ? (node.items as Node[]) : [node]
    const words: string[] = []
    for (const one of nodes) {
      if (one !== null && isScalar(one) && this.refuseTag(one)) continue
      if (one !== null && isScalar(one) && isWord(one.value) && one.source) words.push(one.source)
      else
        this.object(
          one === null ? span : spanOf(one),
          `"${name}" must be a word or a list of words`,
        )
    }
    return words
  }
}

function isWord(value: unknown): boolean {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value)
}

function plain(node: unknown): Node | null {
  return (node as Node | null) ?? null
}

function spanOf(node: Node | null): Span {
  const range = node?.range
  return range ? { from: range[0], to: range[1] } : { from: 0, to: 0 }
}
