import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml'
import { didYouMean, findingAt, type Finding } from './finding.ts'
import { indexLines, type Span } from './place.ts'
import {
  holders,
  sections,
  type Register,
  type Runner,
  type Subject,
  type SubjectType,
} from './register.ts'

const subjectFields = [
  'provider',
  'environment',
  'region',
  'regions',
  'tags',
  'address',
  'note',
] as const
const runnerFields = ['holder', 'name', 'kinds', 'subjects'] as const
const idShape = /^[a-z0-9][a-z0-9._-]{0,99}$/i

/**
 * Reads systems.yaml: sections of subjects (`databases:`, `endpoints:` ...), each a map from id to
 * its fields, and `runners:`. An entry that cannot be read is an error at its place and is left out,
 * so that it can never be counted as proven. Aliases and tags are refused: they can explode.
 */
export function readSystems(source: string): { register: Register; findings: Finding[] } {
  const text = source.replace(/^\uFEFF/, '')
  const reader = new Reader(text)
  const document = parseDocument(text, {
    lineCounter: new LineCounter(),
    prettyErrors: false,
    strict: true,
  })
  for (const error of [...document.errors, ...document.warnings]) {
    reader.object({ from: error.pos[0], to: error.pos[1] }, `not YAML: ${firstLine(error.message)}`)
  }
  if (document.errors.length === 0 && document.contents !== null) reader.readTop(document.contents)
  return {
    register: { subjects: reader.subjects, runners: reader.runners },
    findings: reader.findings,
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0]!
}

class Reader {
  readonly subjects: Subject[] = []
  readonly runners: Runner[] = []
  readonly findings: Finding[] = []
  private readonly lines
  private readonly ids = new Map<string, string>()

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
      const read =
        fields === null
          ? new Map<string, [Node | null, Span]>()
          : this.fields(fields, id, subjectFields)
      if (!read) continue
      const regions = [...this.words(read, 'region'), ...this.words(read, 'regions')]
      this.subjects.push({
        id,
        type,
        provider: this.word(read, 'provider') ?? (type === 'provider' ? id : null),
        environment: this.word(read, 'environment') ?? (type === 'environment' ? id : null),
        regions,
        tags: this.words(read, 'tags'),
      })
    }
  }

  private claimId(id: string, span: Span, section: string): boolean {
    if (!idShape.test(id)) {
      this.object(span, `"${id}" is not an id: letters, digits and . _ - only, at most 100`)
      return false
    }
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
      const read = fields && this.fields(fields, id, runnerFields)
      if (!read) {
        if (!fields) this.object(span, `the runner "${id}" needs holder, kinds and subjects`)
        continue
      }
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
      this.runners.push({
        id,
        holder: holder as Runner['holder'],
        name: this.word(read, 'name'),
        kinds,
        subjects,
      })
    }
  }

  /** The entries of a map, with the place of each key; anything else is an error. */
  private *entries(node: Node | null, where: string): Generator<[string, Node | null, Span]> {
    if (node === null || (isScalar(node) && node.value === null)) return
    if (!isMap(node)) {
      this.object(spanOf(node), `${where} must be a map from names to their fields`)
      return
    }
    for (const pair of (node as YAMLMap<Node, Node | null>).items) {
      const key = this.key(pair)
      if (key !== null) yield [key, plain(pair.value), spanOf(pair.key)]
    }
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
    node: Node,
    id: string,
    known: readonly string[],
  ): Map<string, [Node | null, Span]> | null {
    if (!isMap(node)) {
      this.object(spanOf(node), `"${id}" must be a map of: ${known.join(', ')}`)
      return null
    }
    const read = new Map<string, [Node | null, Span]>()
    let sound = true
    for (const [key, value, span] of this.entries(node, id)) {
      if (known.includes(key)) read.set(key, [value, span])
      else {
        this.unknown(span, `"${id}" has no field "${key}"`, key, known)
        sound = false
      }
    }
    return sound ? read : null
  }

  private word(fields: Map<string, [Node | null, Span]>, name: string): string | null {
    const field = fields.get(name)
    if (!field) return null
    const words = this.words(fields, name)
    if (words.length === 1) return words[0]!
    this.object(field[1], `"${name}" must be one word`)
    return null
  }

  private words(fields: Map<string, [Node | null, Span]>, name: string): string[] {
    const field = fields.get(name)
    if (!field) return []
    const [node, span] = field
    const nodes = node !== null && isSeq(node) ? (node.items as Node[]) : [node]
    const words: string[] = []
    for (const one of nodes) {
      if (
        one !== null &&
        isScalar(one) &&
        ['string', 'number', 'boolean'].includes(typeof one.value)
      ) {
        words.push(one.source ?? '')
      } else
        this.object(
          one === null ? span : spanOf(one),
          `"${name}" must be a word or a list of words`,
        )
    }
    return words
  }
}

function plain(node: unknown): Node | null {
  return (node as Node | null) ?? null
}

function spanOf(node: Node | null): Span {
  const range = node?.range
  return range ? { from: range[0], to: range[1] } : { from: 0, to: 0 }
}
