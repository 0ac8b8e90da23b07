import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAddress } from '../address.ts'
import { compile } from '../compile.ts'
import { readDocument, type DocumentBlock, type Inline } from './document.ts'

const now = Date.UTC(2026, 10, 20)

function inlinesOf(block: DocumentBlock): readonly Inline[] {
  switch (block.type) {
    case 'list':
      return block.items.flatMap((item) => item.children.flatMap(inlinesOf))
    case 'quote':
      return block.children.flatMap(inlinesOf)
    case 'table':
      return block.rows.flat(2)
    case 'heading':
    case 'paragraph':
      return block.children
    default:
      return []
  }
}

function linksOf(inline: Inline): { url: string; from: number; text: string }[] {
  if (!('children' in inline)) return []
  const inner = inline.children.flatMap(linksOf)
  if (inline.type !== 'link') return inner
  return [{ url: inline.url, from: inline.span.from, text: textOf(inline) }, ...inner]
}

function textOf(inline: Inline): string {
  if (inline.type === 'break') return '\n'
  if (inline.type === 'image') return inline.alt
  return 'children' in inline ? inline.children.map(textOf).join('') : inline.text
}

function claimsShown(source: string) {
  const links = readDocument(source).flatMap(inlinesOf).flatMap(linksOf)
  return links.filter(({ url }) => isAddress(url))
}

function claimsCompiled(source: string) {
  return compile(source, { format: 'markdown', now }).claims
}

describe('the structure of a page', () => {
  it.each(['small', 'clear', 'clear-to-go', 'perdoo'])('%s shows each claim once', (folder) => {
    const path = join(import.meta.dirname, '../../../../examples', folder, 'security.md')
    const source = readFileSync(path, 'utf8')
    const claims = claimsCompiled(source)
    expect(claims.length).toBeGreaterThan(5)
    expect(claimsShown(source).map(({ from, text }) => [from, text])).toEqual(
      claims.map(({ span, text }) => [span.from, text]),
    )
  })

  it('shows the claims that compile finds, and no others, whatever the page is', () => {
    const piece = fc.constantFrom(
      '[a b](kept:sso?with=google)', '[a [b] c](kept:mfa.staff)', '[a][r]', '[r]', '\n\n[r]: kept:sso\n\n',
      '![x](kept:sso)', '<kept:sso>', '*', '**', '~~', '`', '> ', '\n', '\n\n', '- ', '1. ', '    ', '# ',
      '| ', ' |', '\n| a | b |\n|---|:-:|\n| [c](kept:sso) | d |\n', '\n```\n', '[', ']', '(', ')', '\\', '&amp;',
      '<b>', '<!-- ', ' -->', 'https://a.example/x', ' word ', '\t', '[x [y](kept:sso) z](kept:mfa.staff)',
      '---\n', '- [x] ', '  \n', '\u202E', '\u0000', 'مرحبا',
    ) // prettier-ignore
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const source = pieces.join('')
        const compiled = claimsCompiled(source).map(({ span }) => span.from)
        const shown = claimsShown(source).map(({ from }) => from)
        expect(shown.toSorted((a, b) => a - b)).toEqual(compiled.toSorted((a, b) => a - b))
      }),
      { numRuns: 3000 },
    )
  })

  it('takes no claim from a cell that a table has no column for', () => {
    const cell = '[a](kept:sso)'
    const source = `| a | b |\n| --- | --- |\n| ${cell} | | ${cell} |\n`
    expect(claimsCompiled(source)).toHaveLength(1)
    expect(claimsShown(source)).toHaveLength(1)
    const { findings } = compile(source, { format: 'markdown', now })
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'not-a-link', line: 3 }))
  })

  it('shows what lies too deep side by side', () => {
    const source = `${'> '.repeat(3000)}[a](kept:sso)\n\nb`
    expect(claimsShown(source).map(({ text }) => text)).toEqual(['a'])
    expect(readDocument(source).at(-1)).toMatchObject({ children: [{ text: 'b' }] })
  })

  it('keeps headings, lists, tables, code, quotes and emphasis apart', () => {
    const blocks = readDocument(`---
company: Example
---
# One *two*

1. a
2. b

- [x] done

> quoted **strong** \`co de\` ~~gone~~ &lt;

| a | b |
|:--|--:|
| c |

\`\`\`js
let x
\`\`\`

***
`)
    expect(blocks.map(({ type }) => type)).toEqual([
      'heading',
      'list',
      'list',
      'quote',
      'table',
      'code',
      'rule',
    ])
    expect(blocks[1]).toMatchObject({ start: 1, tight: true })
    expect(blocks[2]).toMatchObject({ start: null, items: [{ checked: true }] })
    expect(blocks[3]).toMatchObject({
      children: [
        {
          children: [
            { text: 'quoted ' },
            { type: 'strong' },
            { text: ' ' },
            { type: 'code', text: 'co de' },
            { text: ' ' },
            { type: 'struck' },
            { text: ' ' },
            { text: '<' },
          ],
        },
      ],
    })
    expect(blocks[4]).toMatchObject({ aligns: ['start', 'end'], rows: [[[{ text: 'c' }], []]] })
    expect(blocks[5]).toEqual({ type: 'code', text: 'let x' })
  })

  it('keeps HTML as text and leaves comments out', () => {
    expect(readDocument('a <b>c</b><br>d <!-- e -->')).toMatchObject([
      {
        children: [
          { text: 'a ' },
          { text: '<b>' },
          { text: 'c' },
          { text: '</b>' },
          { type: 'break' },
          { text: 'd' },
        ],
      },
    ])
    expect(readDocument('<script>alert(1)</script>\n\n<!-- e -->')).toMatchObject([
      { type: 'paragraph', children: [{ text: '<script>alert(1)</script>' }] },
    ])
  })
})
