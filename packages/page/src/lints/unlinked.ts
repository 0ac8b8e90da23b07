import { formatAddress, isAddress } from '../address.ts'
import type { Source } from '../compile.ts'
import { Analysis } from '../draft/analysis.ts'
import { disclaims, guardOf } from '../draft/guards.ts'
import { readTerms, whenRead } from '../draft/phrases.ts'
import { recognise, type Recognised } from '../draft/recognise.ts'
import type { Unlinked } from '../page.ts'
import { linksIn, type Block } from '../read/prose.ts'
import type { Sentence } from '../read/sentences.ts'
import { rewrites, softWords } from './soft.ts'

/**
 * Finds what the page promises without a proof: recognised promises that no link covers are
 * `unbacked`; sentences that assure without anything to measure are `unprovable`.
 */
export function lintUnlinked(
  source: Source,
  note: (promise: Unlinked & Pick<Recognised, 'obligations'>) => void = () => {},
): Unlinked[] {
  const unlinked: Unlinked[] = []
  for (const { block, sentence, found } of recognise(source.prose.blocks, isSettled)) {
    const open = found.filter((promise) => !isLinked(block, promise.from, promise.to))
    for (const promise of open) {
      const one = unbacked(source, block, promise)
      unlinked.push(one)
      note({ ...one, obligations: promise.obligations })
    }
    if (found.length > 0 || isLinked(block, sentence.from, sentence.to)) continue
    const soft = unprovable(source, sentence)
    if (soft) unlinked.push(soft)
  }
  return unlinked
}

function isLinked(block: Block, from: number, to: number): boolean {
  return linksIn(block, from, to).some((link) => isAddress(link.url))
}

/** Whether claims leave so little of a sentence that nothing more is promised in it. */
function isSettled({ block, from, to }: Sentence): boolean {
  let at = from
  let rest = ''
  for (const link of linksIn(block, from, to)) {
    if (!isAddress(link.url)) continue
    rest += block.text.slice(at, Math.max(at, link.from))
    at = link.to
  }
  return at > from && (rest + block.text.slice(at, to)).split(/\W+/).filter(Boolean).length <= 3
}

function unbacked(source: Source, block: Block, { from, to, obligations }: Recognised): Unlinked {
  const text = block.text.slice(from, to)
  const address = formatAddress(obligations, null)
  const names = obligations.map(({ proof }) => proof.id).join(' and ')
  const span = { from: block.at(from), to: block.behind(to) }
  return {
    ...source.lines.place(span.from),
    verdict: 'unbacked',
    text,
    because: `a promise without a proof; ${names} can keep it`,
    suggestion: `[${text}](${address})`,
    span,
  }
}

const soft = whenRead(() => softWords.map((words) => readTerms(words)))
const better = whenRead(() =>
  rewrites.map(({ words, rewrite }) => ({ terms: readTerms(words), rewrite })),
)

function unprovable(source: Source, { block, from, to }: Sentence): Unlinked | null {
  const text = block.text.slice(from, to)
  if (block.kind === 'heading' || guardOf(text) !== null || disclaims(text)) return null
  const analysis = new Analysis(text)
  // A certificate can be shown, whatever is said around it.
  if (analysis.certificates.length > 0) return null
  if (!soft().some((terms) => terms.every((term) => analysis.has(term)))) return null
  const rewrite =
    better().find(({ terms }) => terms.every((term) => analysis.has(term)))?.rewrite ?? null
  const span = { from: block.at(from), to: block.behind(to) }
  return {
    ...source.lines.place(span.from),
    verdict: 'unprovable',
    text,
    because: 'nothing in it can be measured, so nobody can prove it or find it broken',
    suggestion: rewrite,
    span,
  }
}
