import {
  readDocument,
  type Align,
  type DocumentBlock,
  type Inline,
  type Span,
  type Unlinked,
} from '@kept/page'
import { attribute, directionOf, Markup, markup, type Part } from './markup.ts'
import type { PublishedClaim } from './model.ts'
import { paths } from './paths.ts'

/** What stands in the margin beside a claim; `number` where its block has more than one. */
export type WriteNote = (claim: PublishedClaim, number: number | null) => Part

export interface Prose {
  source: string
  claims: readonly PublishedClaim[]
  unlinked: readonly Unlinked[]
  /** The class of a claim: its verdict. */
  verdictOf: (claim: PublishedClaim) => string
  note: WriteNote
}

/** The prose of a page as written, each claim underlined and its note beside it, block by block. */
export function renderProse(prose: Prose): { title: Markup | null; body: Markup[] } {
  const writer = new Writer(prose)
  const [first, ...rest] = readDocument(prose.source)
  const isTitle = first?.type === 'heading' && first.level === 1
  const title = isTitle ? writer.block(first) : null
  const body = (isTitle ? rest : first ? [first, ...rest] : []).map((block) => writer.block(block))
  return { title, body }
}

/** The claims in a block and their numbers, while the block is written. */
interface Here {
  claims: PublishedClaim[]
  numbers: Map<PublishedClaim, number>
}

class Writer {
  private readonly prose: Prose
  private readonly bySpan: ReadonlyMap<number, PublishedClaim>
  private readonly open: readonly Unlinked[]

  constructor(prose: Prose) {
    this.prose = prose
    this.bySpan = new Map(prose.claims.map((one) => [one.claim.span.from, one]))
    this.open = prose.unlinked.toSorted((a, b) => a.span.from - b.span.from)
  }

  block(block: DocumentBlock): Markup {
    switch (block.type) {
      case 'heading': {
        const tag = new Markup(`h${block.level}`)
        return this.beside(
          [block.children],
          ([text], dir) => markup`<${tag}${dir}>${text}</${tag}>`,
        )
      }
      case 'paragraph':
        return this.beside([block.children], ([text], dir) => markup`<p${dir}>${text}</p>`)
      case 'list':
        return this.list(block)
      case 'quote':
        return markup`<blockquote>\n${block.children.map((one) => this.block(one))}</blockquote>\n`
      case 'table':
        return this.table(block)
      case 'code':
        return markup`<pre class="text"><code>${block.text}</code></pre>\n`
      case 'rule':
        return markup`<hr class="text">\n`
    }
  }

  private list({ start, tight, items }: Extract<DocumentBlock, { type: 'list' }>): Markup {
    const tag = new Markup(start === null ? 'ul' : 'ol')
    const from = start === null || start === 1 ? null : attribute('start', start)
    const dir = attribute('dir', directionOf(items.map(textOfItem).join(' ').slice(0, 1000)))
    const lines = items.map(({ checked, children }) => {
      const task = checked === null ? null : checked ? 'task done' : 'task'
      const body = children.map((one) => this.block(one))
      return markup`<li${attribute('class', task)}>${body}</li>
`
    })
    return markup`<${tag}${from}${tight && attribute('class', 'tight')}${dir}>\n${lines}</${tag}>\n`
  }

  /** A table has its notes beside it, numbered through. */
  private table({ aligns, header, rows }: Extract<DocumentBlock, { type: 'table' }>): Markup {
    const cells = [...header, ...rows.flat()]
    return this.beside(cells, (written, dir) => {
      const width = header.length
      const row = (tag: Markup, from: number) =>
        aligns.map((align, i) => markup`<${tag}${classOf(align)}>${written[from + i]}</${tag}>`)
      const body = rows.map((_, i) => markup`<tr>${row(new Markup('td'), (i + 1) * width)}</tr>\n`)
      return markup`<div class="scroll" role="group" aria-label="Table" tabindex="0"><table${dir}>
<thead><tr>${row(new Markup('th'), 0)}</tr></thead>
<tbody>
${body}</tbody>
</table></div>`
    })
  }

  /** Writes the prose of a block, and the notes of its claims beside it where there are any. */
  private beside(
    lines: readonly (readonly Inline[])[],
    write: (lines: Markup[][], dir: Markup | null) => Markup,
  ): Markup {
    const claims = lines.flatMap((line) => this.claimsIn(line))
    const numbers = new Map(claims.length > 1 ? claims.map((claim, i) => [claim, i + 1]) : [])
    const here: Here = { claims, numbers }
    const dir = attribute(
      'dir',
      directionOf(
        lines
          .map((line) => textOf(line))
          .join(' ')
          .slice(0, 1000),
      ),
    )
    const block = write(
      lines.map((line) => this.line(line, here)),
      dir,
    )
    if (claims.length === 0) return markup`<div class="text">${block}</div>\n`
    const notes = claims.map((claim) => this.prose.note(claim, numbers.get(claim) ?? null))
    return markup`<div class="row">${block}\n<div class="notes">${notes}</div></div>\n`
  }

  private claimsIn(line: readonly Inline[]): PublishedClaim[] {
    return line.flatMap((one) => {
      if (!('children' in one)) return []
      const claim = one.type === 'link' ? this.bySpan.get(one.span.from) : undefined
      return claim ? [claim] : this.claimsIn(one.children)
    })
  }

  private line(line: readonly Inline[], here: Here): Markup[] {
    return line.map((one) => this.inline(one, here))
  }

  private inline(one: Inline, here: Here): Markup {
    switch (one.type) {
      case 'text':
        return this.text(one.text, one.span)
      case 'code':
        return markup`<code>${one.text}</code>`
      case 'emphasis':
        return markup`<em>${this.line(one.children, here)}</em>`
      case 'strong':
        return markup`<strong>${this.line(one.children, here)}</strong>`
      case 'struck':
        return markup`<s>${this.line(one.children, here)}</s>`
      case 'break':
        return markup`<br>`
      case 'image':
        return writeLink(one.url, [markup`${one.alt || one.url}`])
      case 'link': {
        const claim = this.bySpan.get(one.span.from)
        const content = this.line(one.children, here)
        return claim ? this.claim(claim, content, here) : writeLink(one.url, content)
      }
    }
  }

  private claim(claim: PublishedClaim, content: Markup[], { numbers }: Here): Markup {
    const { id } = claim.claim
    const number = numbers.get(claim)
    return markup`<a class="claim ${this.prose.verdictOf(claim)}" id="${id}" href="${paths.claim(id)}" aria-describedby="note:${id}">${content}</a>${number !== undefined && markup`<sup aria-hidden="true">${number}</sup>`}`
  }

  /** Marks what is promised without a proof: dots under it, and the word behind its end. */
  private text(text: string, span: Span): Markup {
    const verbatim = text.length === span.to - span.from
    const found: Part[] = []
    let at = 0
    for (const { span: open, verdict } of this.open) {
      if (open.to <= span.from || open.from >= span.to) continue
      const from = verbatim ? Math.max(0, open.from - span.from) : 0
      const to = verbatim ? Math.min(text.length, open.to - span.from) : text.length
      if (from < at) continue
      const marked = markup`<span class="open">${text.slice(from, to)}</span>`
      const word = open.to <= span.to && markup`<span class="mark">(${verdict})</span>`
      found.push(text.slice(at, from), marked, word)
      at = to
    }
    return markup`${found}${text.slice(at)}`
  }
}

function classOf(align: Align): Markup | null {
  return align === 'center' || align === 'end' ? attribute('class', align) : null
}

/** Only addresses that open a page or a mail; of any other, the text stays. */
function writeLink(url: string, content: Markup[]): Markup {
  return /^(?:https?:\/\/|mailto:)/i.test(url)
    ? markup`<a href="${url}" rel="noopener noreferrer">${content}</a>`
    : markup`${content}`
}

function textOf(line: readonly Inline[]): string {
  return line
    .map((one) => ('children' in one ? textOf(one.children) : 'text' in one ? one.text : ' '))
    .join('')
}

function textOfItem({ children }: { children: readonly DocumentBlock[] }): string {
  return children
    .map((one) => (one.type === 'paragraph' || one.type === 'heading' ? textOf(one.children) : ''))
    .join(' ')
}
