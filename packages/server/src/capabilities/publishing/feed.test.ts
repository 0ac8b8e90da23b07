import { DOMParser } from '@xmldom/xmldom'
import { describe, expect, it } from 'vitest'
import { makeChanges, makeView, noon } from '../../../test/made-views.ts'
import { toAtom } from './atom.ts'
import { toBadge } from './badge.ts'
import { toFeed } from './feed.ts'
import type { Change } from './model.ts'
import { toSecurityTxt } from './security-txt.ts'
import { validUntil } from './verdicts.ts'

const view = makeView('clear')
const { site } = view

function parseXml(text: string) {
  const parser = new DOMParser({
    onError(_, message) {
      throw new Error(message)
    },
  })
  return parser.parseFromString(text, 'application/xml').documentElement!
}

describe('the JSON feed', () => {
  it('is good until the earliest change of any verdict', () => {
    const feed = toFeed(view)
    const coming = view.claims.flatMap(({ verdict, withheldUntil }) => [
      verdict.changes,
      withheldUntil,
    ])
    const first = Math.min(...coming.filter((one) => one !== null))
    expect(Date.parse(feed.valid_until!)).toBe(Math.floor(first / 1000) * 1000)
    expect(Date.parse(feed.valid_until!)).toBeLessThanOrEqual(first)
    expect(Date.parse(feed.generated_at)).toBeLessThanOrEqual(noon)
    expect(feed.claims.map(({ id }) => id)).toEqual(view.claims.map(({ claim }) => claim.id))
    expect(Object.values(feed.tally).reduce((a, b) => a + b)).toBe(view.claims.length)
  })

  it('is good for ever when time alone changes nothing', () => {
    expect(toFeed({ ...view, claims: [], removed: [] }).valid_until).toBeNull()
    expect(validUntil([], noon)).toBeNull()
    const gone = { id: 'x', text: 'We promised', removedAt: noon - 89 * 86_400_000 }
    expect(validUntil([], noon, [gone]), 'a removed claim is listed for 90 days').toBe(
      noon + 86_400_000,
    )
  })
})

describe('the Atom feed', () => {
  const hostile: Change = {
    kind: 'page',
    change: 'reworded',
    id: 'x',
    at: noon,
    entry: 48_300,
    says: 'said: <b>&\u0000\u001b\ud800]]>\u202e; says: "y"',
  }
  const changes = [hostile, ...makeChanges(view)]
  const feed = parseXml(toAtom({ site, at: noon, changes, older: null }))
  const children = (element: typeof feed, name: string) =>
    [...element.childNodes].filter((node) => node.nodeName === name) as (typeof feed)[]

  it('has what RFC 4287 asks of a feed and its entries', () => {
    expect(feed.namespaceURI).toBe('http://www.w3.org/2005/Atom')
    for (const name of ['id', 'title', 'updated', 'author'])
      expect(children(feed, name)).toHaveLength(1)
    expect(children(feed, 'link').map((link) => link.getAttribute('rel'))).toEqual([
      'self',
      'alternate',
    ])
    const entries = children(feed, 'entry')
    expect(entries).toHaveLength(changes.length)
    for (const entry of entries) {
      for (const name of ['id', 'title', 'updated', 'summary'])
        expect(children(entry, name)).toHaveLength(1)
      expect(children(entry, 'updated')[0]!.textContent).toMatch(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
      )
      expect(() => new URL(children(entry, 'id')[0]!.textContent!)).not.toThrow()
    }
    const ids = entries.map((entry) => children(entry, 'id')[0]!.textContent)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is well-formed whatever the page says', () => {
    expect(children(children(feed, 'entry')[0]!, 'summary')[0]!.textContent).toContain('<b>&')
  })

  it('leaves out what has no entry in the ledger yet', () => {
    const waiting = toAtom({ site, at: noon, changes: [{ ...hostile, entry: null }], older: null })
    expect(children(parseXml(waiting), 'entry')).toEqual([])
  })
})

describe('the badge', () => {
  it('says what it shows', () => {
    const badge = parseXml(toBadge(view))
    expect(badge.nodeName).toBe('svg')
    const title = badge.getElementsByTagName('title')[0]!
    expect(title.textContent).toMatch(
      /^Security promises: \d+ of \d+ promises kept, \d+ broken, 1 withheld$/,
    )
    expect(badge.getAttribute('aria-labelledby')).toBe(title.getAttribute('id'))
  })

  it('claims nothing for a page without a promise', () => {
    expect(toBadge({ ...view, claims: [] })).toContain('no promise yet')
  })
})

describe('security.txt', () => {
  it('has the fields that RFC 9116 asks for', () => {
    const text = toSecurityTxt(view)!
    const fields = text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(': ')[0])
    expect(fields.filter((name) => name === 'Contact')).toHaveLength(1)
    expect(fields.filter((name) => name === 'Expires')).toHaveLength(1)
    expect(text).toContain('Contact: mailto:security-reports@clear.example\n')
    const expires = Date.parse(/^Expires: (.*)$/m.exec(text)![1]!)
    expect(expires).toBeGreaterThan(noon)
    expect(expires).toBeLessThan(noon + 365 * 86_400_000)
  })

  it('is none without a contact, and has no line that a contact brings', () => {
    expect(toSecurityTxt({ at: noon, site: { ...site, contact: null } })).toBeNull()
    const text = toSecurityTxt({
      at: noon,
      site: { ...site, contact: 'a@b.example\nExpires: never' },
    })!
    expect(text.split('\n').filter((line) => line.startsWith('Expires:'))).toHaveLength(1)
  })
})
