import { Analysis } from './analysis.ts'
import { hasVerb, isAuxiliary, isVerb } from './clauses.ts'
import type { NameTable } from './names.ts'
import type { Hit } from './phrases.ts'
import type { Token } from './tokens.ts'

/** What parts the members of a list. */
const seams = /\s*,\s*(?:(?:and|or|nor|but)\s+)?|\s+(?:and|or|nor|&|as well as|plus)\s+|\s*\/\s*/gi

interface Piece {
  text: string
  tokens: readonly Token[]
  /** What stands before it: `,`, `and`; nothing before the first. */
  sign: string
  first: Hit | undefined
  last: Hit | undefined
}

/**
 * The member of a list at the side of a known name; null where there is none. The flag is, behind a name,
 * whether a comma alone stands between them, and before it, whether the words do not open the clause.
 */
type Member = (words: string, flag?: boolean) => string | null

/** In tables of words that stand anywhere, neighbours of a word are no list with it. */
const loose: ReadonlySet<NameTable> = new Set(['layers', 'providerWords', 'recipients', 'scopes'])
const proper: ReadonlySet<NameTable> = new Set([
  'services', 'hostNames', 'ssoNames', 'detectors', 'regionNames',
]) // prettier-ignore
/** What stands behind such a name is what its bearer does. */
const persons: ReadonlySet<NameTable> = new Set(['roles', 'approvers', 'parties'])

/**
 * What stands in one list with known names and that their table does not know, as it is written:
 * `head of platform` of `CTO and head of platform`. `closed`: what is no name counts too, as in `only AWS and
 * a small hoster`.
 */
export function strangersOf(
  text: Analysis,
  hits: readonly Hit[],
  table: NameTable,
  closed = false,
): string[] {
  if (hits.length === 0 || loose.has(table)) return []
  const pieces = piecesOf(text, hits)
  if (table !== 'regionNames' && !isList(pieces)) return []
  const [ahead, behind] =
    table === 'regionNames' ? [placeAhead, placeBehind]
    : proper.has(table) && !closed ? [nameAhead, nameBehind]
    : [nounAhead, nounBehind] // prettier-ignore
  const found: string[] = []
  pieces.forEach((piece, i) => {
    if (!piece.first) return
    const { tokens } = piece
    const end = text.tokens.indexOf(tokens.at(-1)!) + 1
    const gap = text.tokens.slice(piece.last!.end, end)
    if (
      gap.length <= 2 &&
      !(persons.has(table) && gap.some(({ word }) => !/^(?:teams?|and|or)$/.test(word)))
    )
      for (const next of pieces.slice(i + 1)) {
        if (next === pieces[i + 1] && inserts(piece, next)) continue
        const member =
          next.first || begins(text, next, pieces) ? null : ahead(next.text, next.sign === ',')
        if (member === null) break
        found.push(member)
        if (member.length < next.text.trim().length) break
      }
    const start = text.tokens.indexOf(tokens[0]!)
    if (piece.first.start - start <= 2 && !leads(piece, table) && !isPlaceOf(pieces, i, table))
      for (const before of pieces.slice(0, i).toReversed()) {
        const member = before.first ? null : behind(before.text, before !== pieces[0])
        if (member === null) break
        found.push(member)
        if (member.length < before.text.trim().length) break
      }
  })
  return [...new Set(found)].filter((one) => !isKnown(one, table))
}

/** Two pieces that only a comma parts may be two sentences: `ask in Slack, your manager says yes`. */
function isList(pieces: readonly Piece[]): boolean {
  return pieces.length > 2 || pieces.some(({ sign }) => sign !== '' && sign !== ',')
}

/** `..., and row-level security is enforced`: a verb of its own behind another begins a sentence. */
function begins(text: Analysis, piece: Piece, pieces: readonly Piece[]): boolean {
  if (!piece.tokens.some(({ word }) => isAuxiliary(word))) return false
  const at = text.tokens.indexOf(piece.tokens[0]!)
  return (pieces.length === 2 && piece.sign.startsWith(',')) || hasVerb(text.tokens.slice(0, at))
}

/** `Tabletop exercise, with Support and Legal`: what stands before is no member. */
function leads(piece: Piece, table: NameTable): boolean {
  return table !== 'regionNames' && piece.sign === ',' && /^(?:with|by|for|to|on|including|such as)\b/i.test(piece.text)
} // prettier-ignore

/** `SREs and, in emergencies, the support desk` */
function inserts(piece: Piece, next: Piece): boolean {
  return next.sign === ',' && /\b(?:and|or)$/.test(piece.text)
}

/** A place beside a provider, and a provider beside a place, are no members of one list. */
function isKnown(words: string, table: NameTable): boolean {
  const other = table === 'regionNames' ? ['@services', '@hostNames'] : ['@regionNames']
  return proper.has(table) && new Analysis(words).has(other)
}

function piecesOf({ text, tokens }: Analysis, hits: readonly Hit[]): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  let sign = ''
  let at = 0
  for (const seam of [...text.matchAll(seams), null]) {
    const to = seam?.index ?? text.length
    const start = at
    while (at < tokens.length && tokens[at]!.from < to) at++
    const own = hits.filter((hit) => start <= hit.start && hit.start < at)
    const inside = tokens.slice(start, at)
    const within = hits.some((hit) => hit.start < start && start < hit.end)
    // A name may hold a seam of its own: `Bosnia and Herzegovina`.
    if (inside.length > 0 && !within)
      pieces.push({
        text: text.slice(from, to),
        tokens: inside,
        sign: sign.trim(),
        first: own[0],
        last: own.at(-1),
      })
    from = to + (seam?.[0].length ?? 0)
    sign = seam?.[0] ?? ''
  }
  return pieces
}

/** `Gravelines, France` is one place, where no other follows. */
function isPlaceOf(pieces: readonly Piece[], i: number, table: NameTable): boolean {
  return (
    table === 'regionNames' &&
    pieces[i]!.sign === ',' &&
    pieces.filter(({ first }) => first !== undefined).length === 1 &&
    (pieces[i - 2] === undefined || placeBehind(pieces[i - 2]!.text, true) === null)
  )
}

/** A name in capitals, behind words that lead to it, and at the end of words. */
const capital =
  /^(?:(?:in|within|from|the|our|both|either|also|via)\s+)*((?:\p{Lu}[\p{L}\d.'-]*)(?:\s+(?:of\s+)?\p{Lu}[\p{L}\d.'-]*)*)/u
const capitalBehind = /(?:^|[\s(])((?:\p{Lu}[\p{L}\d.'-]*)(?:\s+(?:of\s+)?\p{Lu}[\p{L}\d.'-]*)*)$/u // prettier-ignore
/** What a contract calls its parties and things, and what stands for no place or service. */
const defined =
  /^(?:customers?|suppliers?|providers?|processors?|controllers?|company|personal|data|services?|agreement|content|users?|clients?|we|our|i|all|it|no|they|each|every|gdpr|backups?|security|tls|sso|https?|encryption|two-factor|multi-factor|mfa|2fa|single)\b/i
/** `Sweden or another country` */
const elsewhere =
  /^(?:(?:in|from|the|an?|one|two|some|any|all|other|another|further|neighbou?ring|certain|several|few|its|eu|eea|european|nordic|baltic|member|adequate|third)\s+)*(?:countr(?:y|ies)|regions?|locations?|states?|jurisdictions?|elsewhere|abroad|overseas)\b/i

const placeAhead: Member = (words) => {
  const place = capital.exec(words)?.[1]
  if (place && !/^[\p{Lu}\d]{2,}(?![\p{Ll}])/u.test(place) && !defined.test(place))
    return isSentence(words.slice(place.length)) ? null : place
  return elsewhere.exec(words)?.[0] ?? null
}

const placeBehind: Member = (words, inside) => {
  const place = capitalBehind.exec(words.trimEnd())?.[1]
  if (!place || (!inside && place === words.trim())) return null
  return /^[\p{Lu}\d]{2,}(?![\p{Ll}])/u.test(place) || defined.test(place) || /^\p{Lu}\p{Ll}+ed$/u.test(place) ? null : place
} // prettier-ignore

const nameAhead: Member = (words) => {
  const name = capital.exec(words)?.[1]
  return name && !defined.test(name) && !isSentence(words.slice(name.length)) ? name : null
}

const nameBehind: Member = (words) => {
  const name = capitalBehind.exec(words.trimEnd())?.[1]
  return name && name !== words.trim() && !defined.test(name) ? name : null
}

function isSentence(words: string): boolean {
  const all = words.trim().toLowerCase().split(/\s+/)
  return isVerb(all[0]!) || all.some((word) => isAuxiliary(word))
}

/** What closes a list, or leaves it open, names nobody. */
const closing =
  /^(?:no|nobody|nothing|nowhere|none|only|alone|else|others?|more|many|much|such|similar|the like|so on|so forth|etc|etcetera|anything|everything|everyone|nothing|them|these|those|this|that|it|which|who|where|when|if|unless|until|never|not|always|also|then|so|both|i\.e|e\.g|for|in|on|at|by|from|with|without|to|of|per|via|within|after|before|during|because|since|as|than|every|each|once|twice|daily|weekly|monthly|quarterly|yearly|annually|\d.*|.*ly)$/i
const headers = /\b(?:people|persons|individuals|roles|positions|teams|following)$/i

/** The words of a name in front of what goes on with the sentence. */
const nounAhead: Member = (words, comma) => {
  const bare = words
    .trim()
    .replace(/^(?:(?:the|our|its|their|an?|all|any|both|none of|no(?! one| other))\s+)+/i, '')
  const name = untilVerb(bare)
  const [first] = name.split(/\s+/)
  if (!first || closing.test(first) || isVerb(first.toLowerCase())) return null
  const count = name.split(/\s+/).length
  if (comma && /\d|\bwithin\b/.test(bare.slice(name.length))) return null
  return count <= 4 ? words.trim().slice(0, words.trim().indexOf(name) + name.length) : null
}

const nounBehind: Member = (words) => {
  const last = /^.*\b(?:to|for|by|against|as|only|except|but|include|includes|including|cover|covers|via|is|are|:)\s+(.+)$/i.exec(words.trim())
  const name = (last?.[1] ?? words.trim()).replace(/^(?:(?:the|our|its|their|an?|all|any|both)\s+)+/i, '')
  const parts = name.split(/\s+/)
  if (parts.length > 4 || headers.test(name) || isVerb(parts[0]!.toLowerCase())) return null
  if (/\s(?:\d|in |on |at |with |within )/.test(name)) return null
  if (parts.some((one) => isAuxiliary(one.toLowerCase()))) return null
  return closing.test(parts[0]!) && !/^\d/.test(parts[0]!) ? null : name
} // prettier-ignore

function untilVerb(words: string): string {
  const all = words.split(/\s+/)
  const end = all.findIndex(
    (word, i) =>
      i > 0 && (isAuxiliary(word.toLowerCase()) || (isVerb(word.toLowerCase()) && !/^(?:lead|access|change|patch|scan|review)/i.test(word)) || /^(?:for|in|on|at|by|from|with|without|to|per|via|within|after|before|during|who|which|that|when|only|alone|every|each|\(.*)$/i.test(word)),
  ) // prettier-ignore
  return (end < 0 ? all : all.slice(0, end)).join(' ').replace(/[.;:)]+$/, '')
}
