import { isAddress } from '../address.ts'
import { findingAt, type Finding } from '../finding.ts'
import type { Block } from '../read/prose.ts'
import type { Reading } from './reading.ts'

/** Embeddings, overrides and isolates (UAX #9, 2.1 to 2.5), with what ends them. */
const controls = /[\u202A-\u202E\u2066-\u2069]/u
const overrides = /[\u202D\u202E]/u
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

const names: Record<string, string> = {
  '\u202A': 'left-to-right embedding', '\u202B': 'right-to-left embedding', '\u202C': 'pop directional formatting',
  '\u202D': 'left-to-right override', '\u202E': 'right-to-left override', '\u2066': 'left-to-right isolate',
  '\u2067': 'right-to-left isolate', '\u2068': 'first strong isolate', '\u2069': 'pop directional isolate',
} // prettier-ignore

/**
 * Invisible characters that turn the direction of text, so that a reader sees other words, or another
 * order of figures, than the page has. Text of a script that runs from right to left may embed and isolate
 * what it quotes, where the marks are balanced.
 */
export function direction(page: Reading): Finding[] {
  return page.source.prose.blocks.flatMap((block) => {
    const at = block.text.search(controls)
    if (at < 0) return []
    const claims = block.links.filter((link) => isAddress(link.url))
    const inClaims = claims
      .filter(({ from, to }) => misleads(block.text.slice(from, to)))
      .map(({ from, to }) => {
        const index = from + block.text.slice(from, to).search(controls)
        return finding(page, block, index, 'error')
      })
    if (inClaims.length > 0) return inClaims
    // What surrounds a claim turns it as well.
    if (!misleads(block.text)) return []
    return [finding(page, block, at, claims.length > 0 ? 'error' : 'warning')]
  })
}

function misleads(text: string): boolean {
  if (!controls.test(text)) return false
  return overrides.test(text) || !rightToLeft.test(text) || !isBalanced(text)
}

function isBalanced(text: string): boolean {
  const open: string[] = []
  for (const sign of text) {
    if (/[\u202A\u202B]/u.test(sign)) open.push('\u202C')
    else if (/[\u2066-\u2068]/u.test(sign)) open.push('\u2069')
    else if (/[\u202C\u2069]/u.test(sign) && open.pop() !== sign) return false
  }
  return open.length === 0
}

function finding(page: Reading, block: Block, index: number, level: 'error' | 'warning'): Finding {
  const sign = block.text[index]!
  const code = sign.charCodeAt(0).toString(16).toUpperCase()
  return findingAt(page.source.lines, { from: block.at(index), to: block.behind(index + 1) }, {
    rule: 'direction',
    level,
    message: `an invisible ${names[sign]} (U+${code}) stands here, so that the text reads differently than it is written: take it out`,
  }) // prettier-ignore
}
