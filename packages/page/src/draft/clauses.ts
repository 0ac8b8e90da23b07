import type { Token } from './tokens.ts'

/** A stretch of a sentence that says one thing: offsets in the sentence. */
export interface Clause {
  from: number
  to: number
  /** Words before a colon or dash that only name what follows: `Laptops: all encrypted`. */
  label: boolean
}

const auxiliaries =
  'is are was were be been has have had do does did will shall must can cannot may might could would should ' +
  'isnt arent'
/** Verbs that pages use; forms that are as often nouns (`reviews`, `tests`, `backups`) are left out. */
const finite =
  'use uses keep keeps store stores perform performs conduct conducts require requires enforce enforces offer ' +
  'offers provide provides maintain maintains undergo undergoes notify notifies receive receives complete ' +
  'completes sign signs pass passes delete deletes rotate rotates encrypt encrypts expire expires lapse lapses ' +
  'run runs hold holds live lives sit sits stay stays get gets give gives take takes make makes go goes need needs ' +
  'publish publishes lose loses leave leaves retain retains destroy destroys erase erases purge purges remove ' +
  'removes revoke revokes send sends tell tells inform informs operate operates host hosts ' +
  'happen happens belong belongs scan scans toss stash pay pays reply replies respond responds restore restores ' +
  'review approve monitor monitors protect protects apply applies cover covers disclose discloses remain remains ' +
  'replace replaces fix fixes patch patches repair resolve resolves trigger triggers guarantee guarantees ' +
  'negotiate restrict restricts limit limits become becomes come comes contain contains allow allows enable ' +
  'enables include includes assign assigns furnish lies lie stands stand sell enforce rehearse rehearses ' +
  'practise practises practice exercise erase wipe wipes fail fails amounts amount moves opens recover recovers ' +
  'test prevent prevents ensure ensures share serve serves publish terminate terminates'
const participles =
  'kept held sent taken made done built given told paid put broken drawn written lost gone shown bound set met ' +
  'sought rebuilt withdrawn run overwritten'
const notVerbs = new Set(
  ('dedicated united shared need speed embed third-party based biased indeed hundred related limited ' +
    'unauthorised unauthorized unencrypted detailed advanced automated managed licensed accredited ' +
    'renowned affected impacted concerned so-called enhanced distributed unlimited red feed seed exceed succeed ' +
    'proceed bed shed privileged personalised personalized salted hosted designated').split(' '),
)
const verbs = new Set(`${auxiliaries} ${finite} ${participles}`.split(' '))
const known = new Map<string, boolean>()

/** Whether a word is, as far as one can tell from it alone, a verb or a participle. */
export function isVerb(word: string): boolean {
  const before = known.get(word)
  if (before !== undefined) return before
  const is =
    verbs.has(word) ||
    /'(?:re|ll|ve|d|m)$|n't$/.test(word) ||
    (word.length > 4 && word.endsWith('ed') && !notVerbs.has(word))
  if (known.size < 20_000) known.set(word, is)
  return is
}

const helping = new Set(auxiliaries.split(' '))

/** Whether a word makes a sentence of a note: `is`, `shall`, `we`. */
export function isAuxiliary(word: string): boolean {
  return helping.has(word) || /^(?:we|they|you|it)$|'(?:re|ll|ve|d|m)$|n't$/.test(word)
}

const subjects = new Set(
  'we they it you he she nobody everyone everybody everything nothing there who which'.split(' '),
)
const conditions = new Set('when whenever if unless until as should where wherever'.split(' '))
/** Conditions too, where a subject follows: `once you leave`, but `once a year`. */
const turns = new Set('once after before'.split(' '))
const openers = new Set('upon on in within following during for by from at'.split(' '))

const seam =
  /;\s|:\s|\s[–—-]\s|,\s(?:(?:and|but|so|or|while|whereas|which|who|whose|although|though|yet|plus|then)\s)?|\s(?:and|but|while|whereas|although|plus|so that|since|because)\s|\s\((?:[a-h]|i{1,3}|iv|vi{0,3})\)\s/gi
const units =
  /\d\s?(?:h|d|min|s|w|mo|%)?$|^(?:seconds?|minutes?|mins?|hours?|hrs?|h|days?|weeks?|months?|quarters?|years?|hourly|daily|nightly|weekly|monthly|quarterly|yearly|annually)$/
const severity = /^(?:critical|high|medium|moderate|low)s?$/

/** What one stretch between two seams holds. */
interface Chunk {
  from: number
  to: number
  seam: string
  words: number
  verb: boolean
  /** It begins with a verb, so its subject stands before it. */
  begins: boolean
  /** It opens with a conjunction, or with a preposition, and so leans on what is beside it. */
  condition: boolean
  opener: boolean
  figure: boolean
  severity: boolean
  last: string
}

/** Splits a sentence where one promise ends and the next begins; a list stays one clause. */
export function clausesOf(text: string, tokens: readonly Token[]): Clause[] {
  const chunks = chunksOf(text, tokens)
  const clauses: (Clause & { verb: boolean; figure: boolean; severity: boolean; open: boolean })[] =
    []
  let before: Chunk | null = null
  for (const chunk of chunks) {
    const last = clauses.at(-1)
    if (last && before && !parts(last, before, chunk)) {
      last.to = chunk.to
      last.verb ||= chunk.verb
      last.figure ||= chunk.figure
      last.severity ||= chunk.severity
      last.open = last.open && !chunk.verb
    } else {
      if (last && before && isLabel(chunk.seam, last, before)) last.label = true
      const { from, to, verb, figure, severity } = chunk
      clauses.push({ from, to, label: false, verb, figure, severity, open: chunk.condition })
    }
    before = chunk
  }
  return clauses.map(({ from, to, label }) => ({ from, to, label }))
}

function isLabel(sign: string, last: { from: number; to: number }, before: Chunk): boolean {
  return (
    /^(?::|\s[–—-])\s/.test(sign) &&
    !before.verb &&
    before.words <= 8 &&
    last.to - last.from === before.to - before.from
  )
}

/** Whether a chunk begins a clause of its own behind the one before. */
function parts(
  last: { verb: boolean; figure: boolean; severity: boolean; open: boolean; from: number },
  before: Chunk,
  chunk: Chunk,
): boolean {
  const sign = chunk.seam.trim().toLowerCase()
  if (sign === ';' || sign.startsWith('(')) return true
  if (/^(?::|[–—-])$/.test(sign)) return !last.verb || chunk.verb
  if (last.severity && chunk.severity && chunk.figure) return false
  // `Within 30 days of the end, we delete`: what opens a sentence belongs to what follows.
  if (!last.verb || last.open) return false
  if (chunk.condition && sign === ',') return false
  if (!chunk.verb)
    return last.figure && chunk.figure && sign === ',' && !chunk.condition && !chunk.opener
  // `fixed and retested by`, `reviewed, approved and signed off by` share what follows.
  return !(isVerb(before.last) && chunk.begins && !/^(?:,\s*)?(?:but|which|who|so)/.test(sign))
}

function chunksOf(text: string, tokens: readonly Token[]): Chunk[] {
  const chunks: Chunk[] = []
  let from = 0
  let sign = ''
  let depth = 0
  let seen = 0
  let at = 0
  const close = (to: number) => {
    const start = at
    while (at < tokens.length && tokens[at]!.from < to) at++
    chunks.push(chunkOf(tokens.slice(start, at), from, to, sign))
  }
  const lastBracket = text.lastIndexOf(')')
  for (const match of text.matchAll(seam)) {
    if (lastBracket > 0) {
      for (; seen < match.index; seen++) {
        const letter = text.charCodeAt(seen)
        if (letter === 40) depth++
        else if (letter === 41) depth = Math.max(0, depth - 1)
      }
      if (depth > 0 && lastBracket > match.index) continue
    }
    close(match.index)
    sign = match[0]
    from = match.index + sign.length
  }
  close(text.length)
  return chunks
}

function isSubject(word: string): boolean {
  return subjects.has(word) || /^(?:the|your|our|an?)$/.test(word)
}

function chunkOf(tokens: readonly Token[], from: number, to: number, sign: string): Chunk {
  const first = tokens[0]?.word ?? ''
  const second = tokens[1]?.word ?? ''
  const chunk: Chunk = {
    from, to, seam: sign, words: tokens.length,
    verb: subjects.has(first),
    begins: isVerb(first) || (/ly$|^(?:also|then|likewise)$/.test(first) && isVerb(second)),
    condition: conditions.has(first) || (turns.has(first) && isSubject(second) && !(first === 'once' && second === 'a')),
    opener: openers.has(first), figure: false, severity: false, last: tokens.at(-1)?.word ?? '',
  } // prettier-ignore
  for (const { word } of tokens) {
    if (!chunk.verb && isVerb(word)) chunk.verb = true
    if (!chunk.figure && units.test(word)) chunk.figure = true
    if (!chunk.severity && severity.test(word)) chunk.severity = true
  }
  return chunk
}
