/**
 * Text of a page, made fit for a terminal: what it holds can neither move the cursor nor reorder
 * or hide what stands beside it, and its width is counted in columns, not in characters.
 */

// Controls, lone surrogates, line separators and invisible format characters; the two joiners stay,
// for scripts and emoji need them.
const unsafe = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu
const plain = /^[\x20-\x7e]*$/

/** Shows what is invisible or dangerous by its code point, `<U+202E>`. */
export function clean(text: string): string {
  return plain.test(text) ? text : text.replace(unsafe, sayCodePoint)
}

/** Cleans a text of several lines: line breaks and tabs stay. */
export function cleanLines(text: string): string {
  return text.replace(unsafe, (unit) => (/[\t\n\r]/.test(unit) ? unit : sayCodePoint(unit)))
}

/** The same for JSON, where an escape says the character exactly. */
export function cleanJson(json: string): string {
  return json.replace(unsafe, (unit) => {
    if (unit === '\n') return unit
    const units = Array.from({ length: unit.length }, (_, i) => unit.charCodeAt(i))
    return units.map((code) => `\\u${code.toString(16).padStart(4, '0')}`).join('')
  })
}

function sayCodePoint(unit: string): string {
  return `<U+${unit.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`
}

// East Asian Wide and Fullwidth blocks (Unicode Standard Annex 11), as pairs of first and last.
const wide = [
  0x1100, 0x115f, 0x231a, 0x231b, 0x2329, 0x232a, 0x23e9, 0x23ec, 0x2e80, 0x303e, 0x3041, 0x33ff,
  0x3400, 0x4dbf, 0x4e00, 0x9fff, 0xa000, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff,
  0xfe10, 0xfe19, 0xfe30, 0xfe6f, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18cff, 0x1aff0,
  0x1b2ff, 0x20000, 0x3fffd,
]
const zero = /^[\p{Mn}\p{Me}\u200c\u200d]$/u
const emoji = /^\p{Emoji_Presentation}$/u

/** Columns that one character of cleaned text takes. */
export function charWidth(char: string): number {
  const code = char.codePointAt(0)!
  if (code < 0x300) return 1
  if (zero.test(char)) return 0
  return isWide(code) || emoji.test(char) ? 2 : 1
}

function isWide(code: number): boolean {
  for (let i = 0; i < wide.length; i += 2) {
    if (code < wide[i]!) return false
    if (code <= wide[i + 1]!) return true
  }
  return false
}

/** Columns that a cleaned text takes. */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length
  let width = 0
  for (const char of text) width += charWidth(char)
  return width
}

/** Cuts a long text, so that one sentence cannot fill the screen. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).trimEnd()}…`
}

/**
 * Breaks a text into lines of at most `width` columns. The first begins with `lead`, the others with
 * `indent`; a word wider than a line, as Chinese and Japanese sentences are, breaks anywhere. Only a
 * lead that is itself too wide, such as a long file name, stays whole.
 */
export function wrap(text: string, width: number, lead = '', indent = lead): string[] {
  const cleaned = clean(text.replace(/\s+/g, ' ').trim())
  const sizeOf = plain.test(cleaned) ? lengthOf : textWidth
  const lines: string[] = []
  let line = lead
  let used = textWidth(lead)
  let empty = true
  for (const { piece, gap } of pieces(cleaned, width - indent.length, sizeOf)) {
    const size = sizeOf(piece)
    let space = empty ? '' : gap
    if (used + space.length + size > width && used > indent.length) {
      lines.push(line.trimEnd())
      line = indent
      used = indent.length
      space = ''
    }
    line += space + piece
    used += space.length + size
    empty = false
  }
  return [...lines, line]
}

function lengthOf(text: string): number {
  return text.length
}

function* pieces(
  cleaned: string,
  room: number,
  sizeOf: (word: string) => number,
): Generator<{ piece: string; gap: string }> {
  for (const word of cleaned.split(' ')) {
    if (sizeOf(word) <= room) yield { piece: word, gap: ' ' }
    else yield* chop(word, room)
  }
}

function* chop(word: string, room: number): Generator<{ piece: string; gap: string }> {
  let piece = ''
  let used = 0
  let gap = ' '
  for (const char of word) {
    const size = charWidth(char)
    if (used + size > room) {
      yield { piece, gap }
      ;[piece, used, gap] = ['', 0, '']
    }
    piece += char
    used += size
  }
  yield { piece, gap }
}
