import type { Token } from './tokens.ts'

/** A stretch of a sentence that says one thing: offsets in the sentence. */
export interface Clause {
  from: number
  to: number
  /** Words before a colon or dash that only name what follows: `Laptops: all encrypted`. */
  label: boolean
}

const auxiliaries =
  'is are was were be been has have had do does did will shall must can cannot may might could would should'
/** Third persons and other forms that are hardly ever nouns. */
const finite =
  'uses keeps stores performs conducts requires enforces offers provides maintains undergo undergoes notifies ' +
  'receives completes signs passes deletes rotates encrypts expires lapses runs holds lives sits stays gets gives ' +
  'takes makes goes needs publishes loses leaves retains destroys erases purges removes revokes sends tells informs ' +
  'operates hosts happens belongs pays replies responds restores monitors protects applies covers discloses ' +
  'remains replaces fixes resolves triggers guarantees becomes comes contains allows enables includes assigns ' +
  'lies stands sells rehearses practises wipes fails amounts opens recovers prevents ensures shares serves ' +
  'terminates undertakes tries examines assesses selects lets means says sees knows hunts looks searches combs ' +
  'sweeps catches spots switches shuts'
/** Base forms, which are verbs behind a subject or at the head, and nouns or infinitives elsewhere. */
const base =
  'use keep store perform conduct require enforce offer provide maintain notify receive complete sign pass delete ' +
  'rotate encrypt expire lapse run hold live sit stay get give take make go need publish lose leave retain destroy ' +
  'erase purge remove revoke send tell inform operate host happen belong scan toss stash pay reply respond ' +
  'restore review approve monitor protect apply cover disclose remain replace fix patch resolve trigger ' +
  'guarantee negotiate restrict limit become come contain allow enable include assign furnish lie stand sell ' +
  'rehearse practise exercise execute furnish write wipe fail recover prevent ensure share serve terminate undertake try prune'
const participles =
  'kept held sent taken made done built given told paid put broken drawn written lost gone shown bound set met ' +
  'sought rebuilt withdrawn overwritten'
const notVerbs = new Set(
  (
    'dedicated united shared need speed embed based biased indeed hundred related limited ' +
    'unauthorised unauthorized unencrypted detailed advanced automated managed licensed accredited ' +
    'renowned affected impacted concerned enhanced distributed unlimited red feed seed exceed succeed ' +
    'proceed bed shed privileged personalised personalized salted hosted designated'
  ).split(' '),
)
const always = new Set(`${auxiliaries} ${finite} ${participles}`.split(' '))
const finiteWords = new Set(finite.split(' '))
const sometimes = new Set(base.split(' '))
const known = new Map<string, boolean>()

/** Whether a word is, as far as one can tell from it alone, a verb or a participle. */
function isClear(word: string): boolean {
  const before = known.get(word)
  if (before !== undefined) return before
  const is =
    always.has(word) ||
    /'(?:re|ll|ve|d|m)$|n't$/.test(word) ||
    (word.length > 4 && word.endsWith('ed') && !notVerbs.has(word))
  if (known.size < 20_000) known.set(word, is)
  return is
}

/** Whether a word at the head of a stretch is a verb. */
export function isVerb(word: string): boolean {
  return isClear(word) || sometimes.has(word)
}

/** What may stand before a verb that goes on with the subject of what was said. */
export const adverb = /ly$|^(?:also|then|likewise|never|always|not)$/

const determiners = new Set('the a an our your their its us them it any all'.split(' '))
const behindSubject =
  /^(?:we|us|you|they|it|who|and|also|always|never|staff|personnel|people|everyone)$|[a-z]{3}(?<!s)s$|ly$/

const looks = /^(?:checks|tests|scans|watches|probes|screens)$/
const doer = /(?:[a-z]{3}(?:er|or)|pipeline|system|tool|suite|robot|bot|software|ci)$/

/** Whether the word at a place is a verb: `vendor retests them`, `backups expire`, but `to delete`. */
function isVerbAt(tokens: readonly Token[], i: number, from: number): boolean {
  const { word } = tokens[i]!
  if (isClear(word)) return true
  const next = tokens[i + 1]?.word ?? ''
  if (sometimes.has(word)) {
    if (word === 'sign' && (next === 'on' || next === 'in')) return false
    return i === from ? next !== '' : behindSubject.test(tokens[i - 1]!.word)
  }
  // `our scanner checks for`, but not `our checks for`.
  if (looks.test(word))
    return doer.test(tokens[i - 1]?.word ?? '') && /^(?:for|every|each|all|the|our)$/.test(next)
  // `..., and pages our engineer`, but not `pages of our site`.
  const leads = i > from || /^(?:our|the|an?|every|each|whoever)$/.test(next)
  return (
    leads &&
    word.length > 4 &&
    word.endsWith('s') &&
    determiners.has(next) &&
    !/^(?:times|hours|weeks|months|minutes|quarters)$/.test(word)
  )
}

/** Whether words hold a verb of any kind: without one they only name something. */
export function hasVerb(tokens: readonly Token[]): boolean {
  return tokens.some((_, i) => isVerbAt(tokens, i, 0))
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
const openers = new Set(
  'upon on in within following during for by from at once twice every each after before with without under'.split(
    ' ',
  ),
)

const seam =
  /;\s|:\s|\s[–—-]\s|,\s(?:(?:and|but|so|or|while|whereas|which|who|whose|where|whereby|although|though|yet|plus|then)\s)?|\s(?:and|but|while|whereas|although|plus|so that|since|because)\s|\s\((?:[a-h]|i{1,3}|iv|vi{0,3})\)\s/gi
const modals = new Set('may shall will can must'.split(' '))
const units =
  /^\d+(?:\.\d+)?(?:h|d|mins?|s|w|mo|y|%)$|^(?:seconds?|minutes?|mins?|hours?|hrs?|h|days?|weeks?|months?|quarters?|years?|hourly|daily|nightly|weekly|monthly|quarterly|yearly|annually)$/
/** What a severity or the rest of them is called. */
const severity = /^(?:(?:critical|high|medium|moderate|low)s?|urgent|severe|else|rest|others)$/

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
  /** It begins with `we`, `you` or the like. */
  subject: boolean
  /** Its verb is no mere participle behind a noun: `SOC 2 audited`. */
  clear: boolean
  /** It says what is aimed at, or what is promised beyond that. */
  aim: boolean
  vow: boolean
  figure: boolean
  /** It has a number of any kind. */
  number: boolean
  severity: boolean
  last: string
  /** It has a subject that begins with `all`, `our` or the like. */
  owns: boolean
  /** It begins with a participle that describes the noun behind it, and has no other verb: `leaked secrets`. */
  attribute: boolean
  /** It only says the words before it again: `promptly, that is within 4 hours, we tell you`. */
  inserts: boolean
  /** It leaves the verb of the clause before it out: `data is stored in Paris, backups in Milan`. */
  gapped: boolean
}

/** A clause in the making. */
interface Growing extends Clause {
  words: number
  verb: boolean
  figure: boolean
  severity: boolean
  /** It has only named a condition so far, or opened with a preposition. */
  open: boolean
  opener: boolean
  aim: boolean
  /** Its last words are `may`, `shall` or the like, whose verb is still to come behind an insertion. */
  hangs: boolean
}

/** Splits a sentence where one promise ends and the next begins; a list stays one clause. */
export function clausesOf(text: string, tokens: readonly Token[]): Clause[] {
  const chunks = chunksOf(text, tokens)
  const clauses: Growing[] = []
  chunks.forEach((chunk, i) => {
    const last = clauses.at(-1)
    if (last && !parts(last, chunks[i - 1]!, chunk, chunks[i + 1])) {
      last.to = chunk.to
      last.words += chunk.words
      last.verb ||= chunk.verb
      last.figure ||= chunk.figure
      last.severity ||= chunk.severity
      last.aim ||= chunk.aim
      last.open &&= !chunk.verb
      last.hangs = modals.has(chunk.last) || (last.hangs && !chunk.begins)
      return
    }
    if (last && /^(?::|\s[–—-])\s/.test(chunk.seam) && !last.verb && last.words <= 8)
      last.label = !last.figure && !isStatus(text.slice(last.from, last.to))
    clauses.push({ ...chunk, label: false, open: chunk.condition, hangs: modals.has(chunk.last) })
  })
  return clauses.map(({ from, to, label }) => ({ from, to, label }))
}

/** `Current: ...` names nothing. */
function isStatus(text: string): boolean {
  return /^\W*(?:current|currently|yes|status|active|valid|done|note|in place)\W*$/i.test(text)
}

/** Whether a chunk begins a clause of its own behind the one before. */
function parts(last: Growing, before: Chunk, chunk: Chunk, after: Chunk | undefined): boolean {
  const sign = chunk.seam.trim().toLowerCase()
  if (chunk.inserts || (before.inserts && sign === ',')) return false
  if (sign === 'but' && last.words <= 2) return false
  if (chunk.gapped && last.verb && last.words > 3 && (sign === ',' || last.figure)) return true
  if (last.hangs && sign !== ';') return false
  if (sign === ';' || sign.startsWith('(')) return true
  if (/^(?::|[–—-])$/.test(sign)) return !last.verb || chunk.verb
  // `RTO: 4 hours, RPO: 1 hour`: what a colon follows is a name again.
  const names = after !== undefined && /^:\s$/.test(after.seam)
  if (names && !chunk.verb && chunk.words <= 4 && last.figure) return true
  if (last.severity && chunk.severity && chunk.figure) return false
  // `..., and low ones on a best-effort basis`: what has no time is no part of the times before.
  if (
    last.severity &&
    last.figure &&
    chunk.severity &&
    !chunk.number &&
    before.figure &&
    sign !== 'and'
  )
    return after === undefined
  // `We aim at two hours and guarantee six` is one range.
  if (last.aim && chunk.vow) return false
  // `Within 30 days of the end, we delete`: what opens a sentence belongs to what follows.
  if (last.open || (!last.verb && last.opener)) return false
  if (!last.verb) {
    if (chunk.subject) return last.words > 3 && sign !== ','
    return last.figure && (chunk.figure ? chunk.begins || (chunk.clear && sign === ',') : false)
  }
  if (chunk.condition && sign === ',') return false
  if (!chunk.verb) return standsAlone(last, chunk, after, sign)
  // `injection, scripting and leaked secrets`: a participle before a noun is no verb of a new clause.
  if (/^(?:, )?(?:and|or)$/.test(sign) && before.seam === ', ' && !before.verb && chunk.attribute)
    return false
  // `IT, Legal and Support shall`: the last of a list brings the verb of the whole.
  if (sign === 'and' && !before.verb && before.seam === ', ' && !chunk.begins && !chunk.subject)
    return false
  // `fixed and retested by`, `reviewed, approved and signed off by` share what follows.
  if (isVerb(before.last) && chunk.begins) return /^(?:,\s*)?(?:but|which|who|so)/.test(sign)
  // `..., and all of us use`: behind a comma and with a subject of its own it is a sentence.
  if (chunk.owns && /^, (?:and|but|while|whereas)$/.test(sign)) return true
  return chunk.clear || chunk.begins || chunk.figure
}

/** A chunk without a verb that is no mere member of a list. */
function standsAlone(last: Growing, chunk: Chunk, after: Chunk | undefined, sign: string): boolean {
  if (/^, (?:and|but|while|whereas)$/.test(sign))
    return (
      !chunk.opener && after?.verb === true && !after.begins && /^(?: and |, )$/.test(after.seam)
    )
  return sign === ',' && last.figure && chunk.figure && !chunk.condition && !chunk.opener
}

function chunksOf(text: string, tokens: readonly Token[]): Chunk[] {
  const chunks: Chunk[] = []
  let from = 0
  let sign = ''
  let depth = 0
  let seen = 0
  let at = 0
  const close = (to: number) => {
    // Words of the seam itself belong to neither side.
    while (at < tokens.length && tokens[at]!.from < from) at++
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

/** `the data centres we use` says nothing new. */
function isRelative(tokens: readonly Token[], i: number): boolean {
  return i > 1 && i === tokens.length - 1 && /^(?:we|you|they)$/.test(tokens[i - 1]!.word)
}

/** `24 hours a day, 7 days a week` is no figure. */
function isAlways(tokens: readonly Token[], i: number): boolean {
  const at = /^(?:hours|days)$/.test(tokens[i]!.word) ? i : i - 2
  return (
    /^(?:hours|days)$/.test(tokens[at]?.word ?? '') &&
    /^(?:an?|per)$/.test(tokens[at + 1]?.word ?? '') &&
    /^(?:day|week|year)$/.test(tokens[at + 2]?.word ?? '')
  )
}

function isSubject(word: string): boolean {
  return subjects.has(word) || /^(?:the|your|our|an?|any|all|every|each|no)$/.test(word)
}

const noNoun =
  /^(?:an?|the|our|your|their|its|all|any|every|each|no|it|them|this|that|these|those|in|on|at|by|for|from|to|of|with|within|without|under|over|after|before|until|upon|during|through|via|as|when|where|if|once|twice|only|not|never|again|back|up|down|off|out|and|or|daily|weekly|monthly|quarterly|yearly|annually|.*ly|\d.*)?$/

/** Whether a word may be a noun that a word before it describes. */
export function isNoun(word: string): boolean {
  return !noNoun.test(word) && !isClear(word)
}

function chunkOf(tokens: readonly Token[], from: number, to: number, sign: string): Chunk {
  const first = tokens[0]?.word ?? ''
  const second = tokens[1]?.word ?? ''
  // `AWS and Azure and nothing else`
  const isRemainder =
    tokens.length === 2 && /^(?:nothing|nobody|nowhere)$/.test(first) && second === 'else'
  const chunk: Chunk = {
    from, to, seam: sign, words: tokens.length,
    verb: subjects.has(first) && !isRemainder,
    begins: isVerb(first) || (tokens.length > 1 && isVerbAt(tokens, 0, 0)) || (adverb.test(first) && isVerb(second)),
    condition: conditions.has(first) || (turns.has(first) && isSubject(second) && !(first === 'once' && second === 'a')),
    opener: openers.has(first) || second === 'times', subject: subjects.has(first) && !isRemainder, clear: subjects.has(first) && !isRemainder,
    aim: false, vow: /^(?:guarantee[ds]?|commit)$/.test(first), figure: false, number: false, severity: false, last: tokens.at(-1)?.word ?? '',
    owns: /^(?:all|every|each|our)$/.test(first),
    attribute: /^[a-z-]{3,}(?:ed|en)$/.test(first) && isNoun(second) && !tokens.some(({ word }, i) => i > 0 && (helping.has(word) || finiteWords.has(word))),
    inserts: sign.trim() === ',' && ((first === 'that' && second === 'is') || /^(?:meaning|namely|i\.?e)$/.test(first)),
    gapped: /^(?:backups?|snapshots?|copies|logs)$/.test(first) && (sign.startsWith(',') ? /^(?:in|at|for)$/ : /^for$/).test(second),
  } // prettier-ignore
  for (const [i, { word }] of tokens.entries()) {
    if (!chunk.verb && isVerbAt(tokens, i, 0) && !isRelative(tokens, i)) chunk.verb = true
    if (!chunk.clear && (helping.has(word) || finiteWords.has(word))) chunk.clear = true
    if (!chunk.aim && /^(?:aim|aiming|target|targets|endeavou?rs?|goal)$/.test(word))
      chunk.aim = true
    if (!chunk.vow && word === 'event' && tokens[i - 1]?.word === 'any') chunk.vow = true
    if (!chunk.figure && units.test(word) && !isAlways(tokens, i)) chunk.figure = true
    if (!chunk.severity && severity.test(word)) chunk.severity = true
    if (!chunk.number && /\d|^(?:one|two|three|four|five|six|seven|ten|twelve)$/.test(word))
      chunk.number = true
  }
  return chunk
}
