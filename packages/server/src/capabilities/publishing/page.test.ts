import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, type DefaultTreeAdapterTypes } from 'parse5'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from '@kept/page'
import { makeClaimView, makeView, noon } from '../../../test/made-views.ts'
import { hostilePage, plainPage } from '../../../test/odd-pages.ts'
import { renderClaim } from './claim.ts'
import { toFeed } from './feed.ts'
import type { PublishedClaim } from './model.ts'
import { renderPage } from './page.ts'

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

function elementsOf(node: Node): Element[] {
  const own = 'tagName' in node ? [node] : []
  return [...own, ...('childNodes' in node ? node.childNodes.flatMap(elementsOf) : [])]
}

function textOf(node: Node): string {
  if (node.nodeName === '#text') return (node as DefaultTreeAdapterTypes.TextNode).value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

const get = (element: Element, name: string) =>
  element.attrs.find((one) => one.name === name)?.value
const elements = (html: string) => elementsOf(parse(html))
const claimsIn = (html: string) =>
  elements(html).filter((one) => (get(one, 'class') ?? '').startsWith('claim '))

describe('the public page', () => {
  it.each(['small', 'clear', 'clear-to-go', 'perdoo'])(
    'of %s shows each claim of compile() once',
    (folder) => {
      const path = join(import.meta.dirname, '../../../../../examples', folder, 'security.md')
      const { claims } = compile(readFileSync(path, 'utf8'), { format: 'markdown', now: noon })
      const shown = claimsIn(renderPage(makeView(folder)))
      expect(claims.length).toBeGreaterThan(5)
      expect(shown.map((one) => [get(one, 'id'), textOf(one)])).toEqual(
        claims.map(({ id, text }) => [id, text]),
      )
      expect(shown.map((one) => get(one, 'href'))).toEqual(claims.map(({ id }) => `/claims/${id}`))
    },
  )

  it.each(['clear', 'clear-to-go', 'perdoo'])(
    'of %s has one note for each claim and no id twice',
    (folder) => {
      const all = elements(renderPage(makeView(folder)))
      const ids = all.map((one) => get(one, 'id')).filter((id) => id !== undefined)
      expect(new Set(ids).size).toBe(ids.length)
      for (const claim of claimsIn(renderPage(makeView(folder))))
        expect(ids).toContain(get(claim, 'aria-describedby'))
    },
  )

  it('shows claims in headings, lists, cells and quotes, numbered where a block has several', () => {
    const view = makeView('clear', plainPage)
    const html = renderPage(view)
    expect(claimsIn(html).map((one) => get(one, 'id'))).toEqual(
      view.claims.map(({ claim }) => claim.id),
    )
    const rows = elements(html).filter((one) => get(one, 'class') === 'row')
    const numbers = rows.map((row) =>
      elementsOf(row)
        .filter((one) => one.tagName === 'sup')
        .map(textOf)
        .join(''),
    )
    expect(numbers.filter(Boolean)).toEqual(['1212', '123123'])
    expect(html).toContain('<p dir="rtl">')
  })

  it('shows nothing of what is withheld', () => {
    const view = makeView('clear')
    const secret = 'hole-in-the-wall'
    const base = view.claims[11]!
    const parts = base.verdict.parts.map((part) => ({ ...part, because: secret }))
    const claim: PublishedClaim = {
      ...base,
      verdict: { ...base.verdict, because: secret, parts },
      history: base.history.map((one) => ({
        ...one,
        because: one.verdict === 'broken' ? secret : one.because,
      })),
      withheldUntil: noon + 1,
    }
    const withheld = { ...view, claims: [claim] }
    const page = { ...makeClaimView(view, 11), claim }
    const all = (at: number) => [
      renderPage({ ...withheld, at }),
      renderClaim({ ...page, at }),
      JSON.stringify(toFeed({ ...withheld, at })),
    ]
    for (const document of all(noon)) {
      expect(document).not.toContain(secret)
      expect(document).toMatch(/withheld/i)
    }
    // Once the time is over all of it is told.
    for (const document of all(noon + 1)) expect(document).toContain(secret)
  })

  it('lists what was removed for 90 days and no longer', () => {
    const view = makeView('perdoo')
    const [one] = view.removed
    expect(renderPage(view)).toContain(one!.text)
    expect(renderPage({ ...view, at: one!.removedAt + 90 * 86_400_000 })).not.toContain(one!.text)
  })

  it('marks promises without a proof only where the view asks', () => {
    const view = makeView('clear', plainPage)
    expect(renderPage(view)).toContain('(unprovable)')
    expect(renderPage({ ...view, unlinked: null })).not.toContain('(unprovable)')
  })

  it('is whole without a claim, and with 200', () => {
    expect(renderPage(makeView('clear', ''))).toContain(
      'Nothing on this page is bound to a proof yet.',
    )
    const many = Array.from(
      { length: 200 },
      (_, i) => `[Promise ${i}](kept:sso?with=google#p${i}).`,
    ).join('\n')
    expect(claimsIn(renderPage(makeView('clear', many)))).toHaveLength(200)
  })
})

const tags = new Set([
  'html', 'head', 'meta', 'title', 'link', 'style', 'body', 'svg', 'symbol', 'path', 'use', 'a', 'header', 'main', 'footer', 'h1', 'h2',
  'h3', 'h4', 'h5', 'h6', 'p', 'div', 'span', 'ul', 'ol', 'li', 'b', 'br', 'em', 'strong', 's', 'sup', 'code', 'pre', 'hr', 'blockquote',
  'table', 'thead', 'tbody', 'tr', 'th', 'td', 'time', 'section',
]) // prettier-ignore

/** Nothing but the elements, attributes and addresses that we write ourselves. */
function expectSafe(html: string): void {
  const all = elements(html)
  expect(all.map(({ tagName }) => tagName).filter((tag) => !tags.has(tag))).toEqual([])
  expect(all.filter(({ tagName }) => tagName === 'style')).toHaveLength(1)
  for (const { name, value } of all.flatMap(({ attrs }) => attrs)) {
    expect(name).not.toMatch(/^on|^style$|^src|^srcdoc$|^formaction$/)
    if (name === 'href')
      expect(value).toMatch(/^(?:https?:\/\/|mailto:|\/(?!\/)|#|data:image\/svg\+xml,)/i)
  }
  expect(html).not.toMatch(/[\0\u202a-\u202e\u2066-\u2069\x1b]/)
}

describe('a hostile page', () => {
  it('is rendered as text', () => {
    const view = { ...makeView('clear', hostilePage), unlinked: [] }
    const html = renderPage(view)
    expectSafe(html)
    expect(html).toContain('&lt;script&gt;')
    expect(claimsIn(html).map((one) => get(one, 'id'))).toEqual(
      view.claims.map(({ claim }) => claim.id),
    )
    expectSafe(
      renderClaim(makeClaimView(view, 0))
        .replace('<script type="module" src="/verify.js"></script>', '')
        .replace(/<div class="verify"[\s\S]*?<\/div>/, '')
        .replaceAll(/<(?:\/?)(?:dl|dt|dd|details|summary)[^>]*>/g, ''),
    )
  })

  it('stays text however its pieces are put together', () => {
    const piece = fc.constantFrom(
      '<script>', '</script>', '<img src=x onerror=a>', '[a](javascript:b)', '[a](JaVaScRiPt&#58;b)', '[a](data:text/html,b)', '![a](//x.y/z)',
      '[p](kept:sso?with=google)', '["x](kept:mfa.staff)', '<a href="javascript:x">', '\u202e', '\0', '\n\n', '\n', '- ', '> ', '`', '*', '[', ']',
      '(', ')', '<!--', '-->', '|', '\n|-|-|\n', '"', "'", '&quot;', '&#x3c;script&#x3e;', '</style>', '</title>', '<svg onload=a>', 'vbscript:a', '<javascript:a>', '//evil.example',
    ) // prettier-ignore
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        expectSafe(renderPage(makeView('clear', pieces.join(''))))
      }),
      { numRuns: 150 },
    )
  })
})
