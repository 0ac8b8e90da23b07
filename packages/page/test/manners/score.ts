import { draft, formatValue, type Format, type Obligation } from '../../src/index.ts'

/** A sentence of a page and what it promises, each as `proof?param=value|other value&...`. */
export interface Label {
  line: number
  end: number
  text: string
  /** What a draft must bind. */
  is: readonly string[]
  /** What it may bind as well. */
  also: readonly string[]
}

export interface Score {
  promises: number
  /** Promises bound to the right proof with every parameter that the sentence gives. */
  found: number
  made: number
  wrong: string[]
  missed: string[]
}

interface Binding {
  proof: string
  params: Readonly<Record<string, readonly string[]>>
}

type Relation = 'full' | 'incomplete' | 'wrong'

/** Drafts a page and compares every binding with the labels of a person. */
export function score(text: string, format: Format, labels: readonly Label[]): Score {
  const made = new Map<Label, Binding[]>(labels.map((label) => [label, []]))
  const result: Score = { promises: 0, found: 0, made: 0, wrong: [], missed: [] }
  for (const claim of draft(text, { format }).claims) {
    const labelled = labelsOf(claim, labels)
    for (const obligation of claim.obligations) {
      result.made++
      const one = bindingOf(obligation)
      const right = labelled.find((label) =>
        [...label.is, ...label.also].some((gold) => relate(one, read(gold)) !== 'wrong'),
      )
      const label = right ?? labelled[0]
      if (label) made.get(label)!.push(one)
      if (!right)
        result.wrong.push(
          `${claim.line}: ${say(one)} on «${claim.text}»; it is ${label?.is.join('; ') || 'no promise'}`,
        )
    }
  }
  for (const label of labels) compare(label, made.get(label)!, result)
  return result
}

function compare(label: Label, made: readonly Binding[], result: Score): void {
  const golds = label.is.map(read)
  for (const [i, gold] of golds.entries()) {
    result.promises++
    const mates = made.filter(({ proof }) => proof === gold.proof)
    const alone = golds.filter(({ proof }) => proof === gold.proof).length === 1
    const others = alone ? label.also.map(read).filter(({ proof }) => proof === gold.proof) : []
    const tried = alone && mates.length > 1 ? [...mates, joined(mates)] : mates
    if (tried.some((one) => [gold, ...others].some((each) => relate(one, each) === 'full')))
      result.found++
    else
      result.missed.push(
        `${label.line}: ${label.is[i]} of «${label.text}»; made ${made.map(say).join('; ') || 'nothing'}`,
      )
  }
}

function bindingOf({ proof, params }: Obligation): Binding {
  const values = Object.entries(params).map(([name, value]) => [name, [formatValue(value)]])
  return { proof: proof.id, params: Object.fromEntries(values) }
}

function read(address: string): Binding {
  const [proof, query = ''] = address.split('?')
  const pairs = query
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split('=') as [string, string])
  return {
    proof: proof!,
    params: Object.fromEntries(pairs.map(([name, value]) => [name, value.split('|')])),
  }
}

function say({ proof, params }: Binding): string {
  const query = Object.entries(params).map(([name, values]) => `${name}=${values.join('|')}`)
  return query.length > 0 ? `${proof}?${query.join('&')}` : proof
}

/** Several claims of one proof in one sentence, taken together. */
function joined(all: readonly Binding[]): Binding {
  const params: Record<string, string[]> = {}
  for (const one of all)
    for (const [name, [value]] of Object.entries(one.params))
      params[name] = [...new Set([...(params[name]?.[0]!.split(',') ?? []), ...value!.split(',')])]
        .join(',')
        .split('|')
  return { proof: all[0]!.proof, params }
}

/** Values that say no more than leaving them out. */
const usual = new Set([
  'incident.notice to=affected', 'findings.retested by=outside-team', 'changes.tested by=automated',
  'changes.tested risk=any', 'changes.reviewed min=1', 'changes.reviewed risk=any', 'ip-allow-list offered=yes',
  'access.consent who=staff', 'erase after=request', 'backup.copies min=2', 'encryption.at-rest of=database,store',
]) // prettier-ignore
/** Lists where naming fewer promises less, and nothing else: `regions` or `only` are not among them. */
const additive = new Set([
  'sso with', 'inventory absent', 'changes.scanned for', 'monitoring.protections for', 'mfa.accounts for',
  'ledger.coverage layers', 'provider.certified with', 'pentest.scope covers', 'changes.tested by', 'policy of',
  'provider says', 'tabletop with', 'incident.notice via', 'paging via', 'certificate scope',
]) // prettier-ignore

function relate(made: Binding, gold: Binding): Relation {
  if (made.proof !== gold.proof) return 'wrong'
  let relation: Relation = 'full'
  for (const [name, [value]] of Object.entries(made.params)) {
    const right = gold.params[name]
    if (right === undefined) {
      if (!usual.has(`${made.proof} ${name}=${value}`)) return 'wrong'
    } else if (!right.some((one) => same(one, value!))) {
      const fewer =
        additive.has(`${made.proof} ${name}`) && right.some((one) => isPart(value!, one))
      if (!fewer) return 'wrong'
      relation = 'incomplete'
    }
  }
  const lacks = Object.entries(gold.params).some(
    ([name, values]) =>
      made.params[name] === undefined && !usual.has(`${gold.proof} ${name}=${values[0]}`),
  )
  return lacks ? 'incomplete' : relation
}

const units: Record<string, number> = {
  s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, mo: 2_629_800, q: 7_889_400, y: 31_557_600,
} // prettier-ignore

function seconds(value: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:mo|[smhdwqy]))+$/.test(value)) return null
  return [...value.matchAll(/(\d+(?:\.\d+)?)(mo|[smhdwqy])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit!]!,
    0,
  )
}

function same(a: string, b: string): boolean {
  if (a === '*' || a === b) return true
  const [x, y] = [a.split('..'), b.split('..')]
  if (x.length > 1 || y.length > 1)
    return x.length === y.length && x.every((value, i) => same(value, y[i]!))
  const [s, t] = [seconds(a), seconds(b)]
  if (s !== null && t !== null) return Math.abs(s - t) <= 0.03 * Math.max(s, t)
  if (a !== '' && Number(a) === Number(b)) return true
  return wordsIn(a).join() === wordsIn(b).join()
}

function isPart(few: string, many: string): boolean {
  const all = wordsIn(many)
  return wordsIn(few).every((word) => all.includes(word))
}

function wordsIn(list: string): string[] {
  const words = list.toLowerCase().split(',').map(spelled)
  return [...new Set(words)].toSorted()
}

function spelled(word: string): string {
  return word
    .trim()
    .replace(/[._\s]+/g, '-')
    .replace(/^europe$/, 'eu')
}

/** The labelled sentences that a claim touches: by its line, and by its words. */
function labelsOf(claim: { line: number; text: string }, labels: readonly Label[]): Label[] {
  const own = plain(claim.text)
  const touches = ({ text }: Label) =>
    ` ${plain(text)} `.includes(` ${own} `) || ` ${own} `.includes(` ${plain(text)} `)
  const near = labels.filter(({ line, end }) => claim.line >= line && claim.line <= end)
  const touched = near.filter(touches)
  if (touched.length > 0) return touched
  const around = labels.filter(({ line }) => Math.abs(claim.line - line) <= 3).filter(touches)
  if (around.length > 0 && own.split(' ').length > 2) return around
  const words = new Set(own.split(' '))
  const shared = ({ text }: Label) =>
    plain(text)
      .split(' ')
      .filter((word) => words.has(word)).length
  return near.toSorted((a, b) => shared(b) - shared(a)).slice(0, 1)
}

function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9%+.@/]+/g, ' ')
    .replace(/\.(?=\s|$)/g, '')
    .trim()
}
