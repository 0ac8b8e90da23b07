import type { Analysis } from './analysis.ts'
import { first } from './matched.ts'
import { unread, type Place, type Taken } from './place.ts'

const tlsNumbers =
  /\b(?:TLS|Transport Layer Security)(?:\s*\(TLS\))?,?[\s-]*(?:versions?\s*(?:is\s+|of\s+|:\s*)?|v\.?\s*)?(?:(?:\w+\s){0,3}?version\s+)?(?:(below|older than|prior to|before|earlier than|at least|under)\s+(?:version\s+)?)?(1\.[0-3])(?:\s*(?:and|or|&|\/|,)\s*(?:TLS\s*)?v?(1\.[0-3]))?|\bat least version (1\.[0-3])/gi
const offered =
  /\b(?:support(?:s|ed)?|available|offer(?:s|ed)?|ready|enabled|capable|up to|also|even)\b/i
const least =
  /\b(?:only|at least|minimum|or (?:newer|above|higher|later|better)|and (?:newer|above|higher|later)|requires?|required|enforced?|must|nothing (?:older|below)|all|every|always)\b|\+/i
/** What says that a version is the least one, or that it is what connections use. */
const leastOrUsed =
  /\b(?:at least|minimum|floor|or (?:newer|above|higher|later|better)|and (?:newer|above|higher|later|up)|requires?|required|uses|we use|(?:encrypt|secur|protect)\w* (?:[\w-]+ ){0,4}(?:with|using|by|via|over|through))\b|1\.[01]\s*\+|≥/i
const refused =
  /\b(?:disabled?|deactivated?|reject(?:s|ed)?|refuse[sd]?|no longer|deprecated|(?:not|never|nowhere) (?:supported|accepted|offered|allowed|spoken|used|available)|(?:turn|switch|shut|cut|phas|lock|sent)\w*(?: \w+)? (?:off|away|out|down)|blocked|denied|banned|forbidden|prohibited|unsupported|removed|drop(?:s|ped)?|gone|(?:is|are) off|retired?|ended|abandoned|discontinued|(?:do(?:es)? not|don['’]t|cannot|can['’]t) (?:support|accept|allow|use|speak|connect))\b/i
const floorWords =
  /\b(?:at least|minimum(?: of| is)?)\s+(?:TLS\s*)?v?(1\.[23])|\b(1\.[23])\s*(?:\+|(?:or|and) (?:newer|above|higher|later|better)|(?:is )?(?:the |our )?(?:minimum|floor|least|required))/i
const accepted =
  /\b(1\.[0-2])\s+(?:is |are |as )?(?:also |still |only )?(?:accepted|allowed|supported|possible|the minimum|(?:as )?a fallback|available)\b/i
/** Of what is refused, that it is older than what is named. */
const olderOnes =
  /\b(?:older|lower|earlier|previous|weaker|legacy|anything else|everything else|below|less)\b/i

/** The least version of TLS: the lowest one offered, or the one above those that are refused. */
const exempt =
  /\b(?:legacy|old(?:er)? (?:clients?|browsers?|devices?|systems?)|exceptions?|until \d|for now)\b/i
/** What the certificates of TLS are made of says nothing of connections. */
const ofCertificates =
  /\b(?:tls|ssl|server) certificates? (?:use|have|are (?!required)|rest|carry|rotate|renew|expire|come)/i

/** What is preferred is no least: that may stand behind it, as in `1.3 preferred, 1.2 required`. */
function floor({ rest }: Place): Taken | typeof unread {
  const match =
    /\b(?:TLS\s*)?v?(1\.[0-3])\s+(?:is |as )?(?:the |our |a )?(?:\w+ )?(?:floor|minimum|least|required|lowest|accepted|supported|allowed)\b|\b(?:at least|minimum(?: of| is)?|no lower than|fall(?:ing|s)? back to|failing that,?)\s+(?:TLS\s*)?v?(1\.[0-3])/i.exec(
      rest.text,
    )
  return match ? { value: Number(match[1] ?? match[2]) } : unread
}

export function tls(clause: Analysis, place: Place): Taken | typeof unread | null {
  if (ofCertificates.test(clause.text)) return unread
  const older = /\b(?:older|lower|earlier|weaker)\s+(?:\w+\s+){0,2}than\s+TLS\s*v?(1\.[0-3])/i.exec(
    clause.text,
  )
  if (older)
    return { value: Number(older[1]), from: older.index, to: older.index + older[0].length }
  const found = [...clause.text.matchAll(tlsNumbers)]
  if (found.length === 0) return null
  if (
    found.length === 1 &&
    /\b(?:prefer|fall(?:s|ing)? ?back|failing that|ideally)/i.test(clause.text)
  )
    return floor(place)
  const span = { from: found[0]!.index, to: found.at(-1)!.index + found.at(-1)![0].length }
  const below = found.find((match) => match[1] && !/at least/i.test(match[1]))
  if (below) return { value: Number(below[2]), ...span }
  const numbers = found.flatMap((match) =>
    [match[2], match[3], match[4]].filter((one) => one !== undefined).map(Number),
  )
  const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)]
  if (refused.test(clause.text)) {
    // What is refused is below the floor: the next version is the least that is left.
    if (highest < 1.2) return { value: Math.round(highest * 10 + 1) / 10, ...span }
    if (lowest >= 1.2) return olderOnes.test(clause.text) ? { value: lowest, ...span } : unread
  }
  // Of old and new versions in one clause only words tell which is the least.
  if (lowest < 1.2 && highest >= 1.2) {
    const said = floorWords.exec(clause.text)
    return said ? { value: Number(said[1] ?? said[2]), ...span } : unread
  }
  // `Connections use TLS 1.3; TLS 1.2 is accepted`
  const lower = accepted.exec(place.rest.text)
  if (lower && Number(lower[1]) < lowest) return unread
  // What is offered beside other versions is no least.
  if (lowest > 1.2 && offered.test(clause.text) && !least.test(clause.text)) return unread
  // Nobody promises an outdated version, unless it is said to be the least, or to be what is used.
  if (lowest < 1.2 && (exempt.test(clause.text) || !leastOrUsed.test(clause.text))) return unread
  return { value: lowest, ...span }
}

export function bits(clause: Analysis): Taken | null {
  return first(
    clause.text,
    /\b(128|192|256)[\s-]?bits?\b|\bAES[\s-]?(256)\b(?![\s_-]?GCM)/gi,
    (match) => Number(match[1] ?? match[2]),
  )
}

const strength =
  /\bAES[\s-]?(128|256)\b|\b(128|256)[\s-]?bit\s+(?:encryption\s+)?(?:\(?AES|Advanced)\b|\bAES\b(?:\s+\w+){0,5}?\s+(128|256)[\s-]?bits?\b/gi

const keyBits = /\b(?:AES[\s-]?)?(128|192|256)(?:[\s-]?bits?)?\b(?!\s*(?:characters|bytes))/gi

function strengthIn(text: string): Taken | null {
  return first(text, strength, (match) => [`aes-${match[1] ?? match[2] ?? match[3]}`])
}

/** The cipher of what is stored. Of two that a clause names it is the one said with it, or nobody knows. */
export function restCipher({ text }: Analysis): Taken | typeof unread | null {
  const named = new Set([...text.matchAll(keyBits)].map((match) => match[1]))
  if (named.size < 2) return strengthIn(text)
  const stored = text
    .split(/,|\band\b|\bwhile\b|\bbut\b/)
    .filter((part) =>
      /\brest\b|\bstor(?:e|ed|age)\b|\bdisks?\b|\bbackups?\b|\bdatabases?\b/i.test(part),
    )
  const cipher = stored.length === 1 ? strengthIn(stored[0]!) : null
  return cipher ? { value: cipher.value } : unread
}

/** A grade of a test: an article at the beginning of a phrase is none. */
export function grade(clause: Analysis): Taken | null {
  for (const match of clause.text.matchAll(/["“']?\b(A\+|A-|A|B)(?![\w])["”']?/g)) {
    const before = clause.text.slice(0, match.index)
    const marked = /["“'+]|A-/.test(match[0])
    if (
      marked ||
      /\b(?:an|grade|rated|rates\b.{0,30}|score[sd]?|rating(?: of| is)?|least|with|of)\s*$/i.test(
        before,
      )
    )
      return {
        value: match[1]!.toLowerCase(),
        from: match.index,
        to: match.index + match[0].length,
      }
  }
  return null
}
