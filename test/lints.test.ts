import { describe, expect, it } from 'vitest'
import { compile, type Rule } from '../packages/page/src/index.ts'
import { readShared } from './repository.ts'

const now = Date.parse('2026-11-20T12:00:00Z')

/** Where L1 to L18 stand in the real pages: each of these lines is concerned. */
const concerned: readonly [id: string, page: string, rule: Rule, line: number][] = [
  ['L1', 'perdoo', 'contradiction', 21],
  ['L2', 'clear', 'withdrawn', 5],
  ['L2', 'clear', 'withdrawn', 17],
  ['L2', 'clear', 'expired', 20],
  ['L3', 'clear', 'expired', 21],
  ['L4', 'clear', 'expired', 23],
  ['L5', 'clear', 'contradiction', 13],
  ['L5', 'clear', 'contradiction', 43],
  ['L5', 'clear', 'contradiction', 51],
  ['L6', 'clear', 'third-party', 11],
  ['L6', 'clear', 'third-party', 12],
  ['L7', 'clear', 'contradiction', 22],
  ['L7', 'clear', 'contradiction', 30],
  ['L7', 'clear', 'contradiction', 35],
  ['L8', 'clear-to-go', 'contradiction', 14],
  ['L8', 'clear-to-go', 'contradiction', 108],
  ['L9', 'clear-to-go', 'contradiction', 90],
  ['L9', 'clear-to-go', 'contradiction', 110],
  ['L10', 'perdoo', 'third-party', 43],
  ['L11', 'clear', 'mechanism', 44],
  ['L12', 'clear-to-go', 'too-literal', 16],
  ['L13', 'clear-to-go', 'blank', 24],
  ['L13', 'clear-to-go', 'blank', 46],
  ['L13', 'clear-to-go', 'blank', 100],
  ['L14', 'clear-to-go', 'no-number', 83],
  ['L14', 'clear-to-go', 'no-number', 107],
  ['L14', 'clear', 'no-number', 8],
  ['L14', 'perdoo', 'no-number', 25],
  ['L15', 'clear', 'range', 32],
  ['L15', 'clear', 'range', 33],
  ['L15', 'clear', 'range', 34],
  ['L16', 'clear-to-go', 'undefined-start', 97],
  ['L17', 'clear-to-go', 'provider-status', 22],
  ['L17', 'clear-to-go', 'provider-status', 107],
  ['L17', 'perdoo', 'provider-status', 15],
  ['L18', 'clear-to-go', 'not-a-certificate', 26],
  ['L18', 'clear-to-go', 'not-a-certificate', 31],
  ['L18', 'clear-to-go', 'not-a-certificate', 52],
]

function findings(page: string) {
  const text = readShared(`pages/${page}.txt`)
  if (text === null) return null
  return compile(text, { format: 'text', now }).findings.filter(
    ({ rule }) => rule !== 'unbacked' && rule !== 'unprovable',
  )
}

describe('the three real pages', () => {
  it.for(concerned)('%s: %s has %s on line %i', ([, page, rule, line], { skip }) => {
    const found = findings(page)
    if (!found) return skip('../shared is not beside this clone')
    expect(found.filter((one) => one.rule === rule).map((one) => one.line)).toContain(line)
  })

  // Every finding was looked at; the rest are vague words, the colloquial SSL and a repeated edition.
  it.for([
    ['clear-to-go', 22],
    ['clear', 24],
    ['perdoo', 4],
  ] as const)('%s has %i objections and no more', ([page, count], { skip }) => {
    const found = findings(page)
    if (!found) return skip('../shared is not beside this clone')
    expect(found).toHaveLength(count)
  })
})
