/** Markup that is safe to send: made by `markup`, never from a text. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

export type Part = Markup | string | number | null | false | undefined | readonly Part[]

/**
 * A template of HTML or XML: whatever is put into it is escaped, unless it is markup itself. Nothing,
 * null and false leave no trace. Attributes must be quoted.
 */
export function markup(pieces: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = pieces[0]!
  parts.forEach((part, i) => {
    text += write(part) + pieces[i + 1]!
  })
  return new Markup(text)
}

/** An attribute, or nothing at all when its value is null: `<p${attribute('dir', null)}>`. */
export function attribute(name: string, value: string | number | null): Markup | null {
  return value === null ? null : new Markup(` ${name}="${escapeText(String(value))}"`)
}

/** Parts with something between them. */
export function join(parts: readonly Part[], between: Part): Part[] {
  return parts.flatMap((part, i) => (i === 0 ? [part] : [between, part]))
}

function write(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (part instanceof Markup) return part.text
  return Array.isArray(part) ? part.map(write).join('') : escapeText(String(part))
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

// What drives the direction of lines, hides itself or no XML may hold: controls but tab and line
// ends, line and paragraph separators, bidi embeddings, overrides and isolates, tags, halves of
// surrogate pairs. The marks of direction and the joiners stay: scripts need them.
const unsafe =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\uffff\u{e0000}-\u{e0fff}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu

/** Escapes a text for HTML and XML, in elements and quoted attributes; shows what would not be seen. */
export function escapeText(text: string): string {
  return text.replace(unsafe, sayCodePoint).replace(/[&<>"']/g, (character) => entities[character]!)
}

function sayCodePoint(character: string): string {
  return `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`
}

/** Right to left where the first letter of a text is: every paragraph has its own direction. */
export function directionOf(text: string): 'rtl' | null {
  const first = /\p{L}/u.exec(text)?.[0]
  return first &&
    /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(
      first,
    )
    ? 'rtl'
    : null
}
