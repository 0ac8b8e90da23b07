import type { Answer } from '../../../outside/request.ts'

/** Headers that say how an answer was sent, and not what is in it. */
const ofTransport = new Set(
  'age connection content-length content-type date expires keep-alive last-modified retry-after server-timing set-cookie transfer-encoding x-cache'.split(
    ' ',
  ),
)

/** The names of the headers by which two answers may be told apart. */
export function headerNames({ headers }: Answer): Set<string> {
  return new Set(Object.keys(headers).filter((name) => !ofTransport.has(name)))
}

/** All that an answer says, in one text: its body as it is, as JSON means it and as HTML does, and its headers. */
export function textOf({ headers, body }: Answer): string {
  const said = Object.entries(headers).flatMap(([name, value]) =>
    ofTransport.has(name) && name !== 'set-cookie' ? [] : [value ?? ''].flat(),
  )
  return [body, ...leavesOf(body), unescapeHtml(body), ...said, ...said.map(decoded)]
    .join('\n')
    .toLowerCase()
}

/**
 * The values in which an answer may differ from another tenant's: the leaves of JSON, the texts of HTML
 * or the lines of a text, and its headers. No booleans, no dates, and nothing short.
 */
export function valuesOf(answer: Answer): Set<string> {
  const headers = [...headerNames(answer)].flatMap((name) => answer.headers[name] ?? [])
  const leaves = leavesOf(answer.body)
  const texts = leaves.length > 0 ? leaves : linesOf(answer.body)
  const values = [...texts, ...headers].flatMap((text) => [text, ...tokensOf(text)])
  return new Set(values.map((value) => value.trim().toLowerCase()).filter(mayTell))
}

function linesOf(body: string): string[] {
  const visible = body.replaceAll(/<(script|style)\b.*?<\/\1\s*>/gis, '\n')
  return unescapeHtml(visible.replaceAll(/<[^>]*>/g, '\n')).split('\n')
}

/** Names and numbers of things within a longer text: an invoice's number, an address, a UUID. */
function tokensOf(text: string): string[] {
  return text.split(/[\s"'<>(),;=]+/).filter(isName)
}

/** What is written like a name of one thing: letters with digits, a mail address, or a long number. */
export function isName(value: string): boolean {
  if (/\s/.test(value) || value.length < 6) return false
  return /\d{6}/.test(value) || /\S@\S/.test(value) || (/\d/.test(value) && /\p{L}/u.test(value))
}

/** What could only by chance be said of two things: a name, or several words. */
export function isTelling(value: string): boolean {
  return isName(value) || (value.length >= 10 && /\p{L}{2,}\S*\s.*\p{L}{2,}/u.test(value))
}

/** Also seconds or milliseconds since 1970, which many things have in common. */
const date =
  /^\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d.*)?$|^\w{3}, \d\d \w{3} \d{4}|^\d\d[./]\d\d[./]\d{4}$|^1\d{9}(?:\d{3})?$/
const words = new Set(['true', 'false', 'null', 'none', 'undefined', 'http', 'https'])

function mayTell(value: string): boolean {
  return value.length >= 4 && value.length <= 1000 && !words.has(value) && !date.test(value)
}

/** Every text and number of a JSON text; none where it is no JSON. */
function leavesOf(body: string): string[] {
  const leaves: string[] = []
  try {
    JSON.parse(body, (_, value: unknown) => {
      if (typeof value === 'string' || typeof value === 'number') leaves.push(String(value))
    })
  } catch {
    return []
  }
  return leaves
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' }

function unescapeHtml(text: string): string {
  return text.replaceAll(/&(?:#(x?)([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (all, hex, code, name) => {
    if (typeof name === 'string') return entities[name.toLowerCase()] ?? all
    const point = Number.parseInt(String(code), hex ? 16 : 10)
    return point <= 0x10_ff_ff ? String.fromCodePoint(point) : all
  })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Whether a text holds a value as a whole: 12 is not in 3124. */
export function holds(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const around = [text[at - 1] ?? ' ', text[at + value.length] ?? ' ']
    if (!around.some((unit) => /[\p{L}\p{N}_-]/u.test(unit))) return true
  }
  return false
}

/** The mail addresses that an answer holds. */
export function mailsIn(answer: Answer): Set<string> {
  return new Set(textOf(answer).match(/[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/g) ?? [])
}

/** The domains of all mail addresses that answers hold. */
export function domainsOf(answers: readonly Answer[]): Set<string> {
  return new Set(answers.flatMap((one) => [...mailsIn(one)]).map((mail) => mail.split('@')[1]!))
}
