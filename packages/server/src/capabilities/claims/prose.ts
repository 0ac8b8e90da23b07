import { readDocument, type Claim, type DocumentBlock, type Inline } from '@kept/page'

/** Stands for a claim, whose words are compared by its id: no page holds this character. */
const mark = '\0'

/**
 * What a reader of a page reads, line by line, with marks for what is struck out, quoted, listed or
 * ticked off, and with each claim as its id. Comments, line ends and stress are not read. Of the claims
 * in `apart`, which the other edition has not, nothing is left: they are told of by themselves.
 */
export function proseOf(
  source: string,
  claims: readonly Claim[],
  apart: ReadonlySet<string>,
): string[] {
  const ids = new Map(claims.map(({ id, span }) => [span.from, id]))
  const alone = new RegExp(`${mark}\\[([^${mark}]*)\\]${mark}[.,;:!]*\\s*`, 'g')
  return linesOf(readDocument(source), '', ids)
    .map((line) => line.replace(alone, (whole, id: string) => (apart.has(id) ? '' : whole)))
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .map((line) => line.replaceAll(mark, '').replace(/\s+/g, ' ').trimEnd())
}

type Ids = ReadonlyMap<number, string>

function linesOf(blocks: readonly DocumentBlock[], before: string, ids: Ids): string[] {
  return blocks.flatMap((block) => {
    switch (block.type) {
      case 'heading':
        return `${before}${'#'.repeat(block.level)} ${textOf(block.children, ids)}`
      case 'paragraph':
        return before + textOf(block.children, ids)
      case 'quote':
        return linesOf(block.children, `${before}> `, ids)
      case 'list':
        return block.items.flatMap(({ checked, children }) => {
          const tick = checked === null ? '' : checked ? '[x] ' : '[ ] '
          return linesOf(children, `${before}- ${tick}`, ids)
        })
      case 'table':
        return [block.header, ...block.rows].map((row) =>
          [before, ...row.map((cell) => textOf(cell, ids))].join('| '),
        )
      case 'code':
        return `${before}code: ${block.text}`
      case 'rule':
        return []
    }
  })
}

function textOf(children: readonly Inline[], ids: Ids): string {
  return children
    .map((one): string => {
      switch (one.type) {
        case 'text':
          return one.text
        case 'code':
          return `\`${one.text}\``
        case 'emphasis':
        case 'strong':
          return textOf(one.children, ids)
        case 'struck':
          return `~~${textOf(one.children, ids)}~~`
        case 'image':
          return `![${one.alt}](${one.url})`
        case 'break':
          return ' '
        case 'link': {
          const id = ids.get(one.span.from)
          if (id !== undefined) return `${mark}[${id}]${mark}`
          return `[${textOf(one.children, ids)}](${one.url})`
        }
      }
    })
    .join('')
}
