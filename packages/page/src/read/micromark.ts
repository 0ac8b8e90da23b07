import { parse, postprocess, preprocess } from 'micromark'
import { gfm } from 'micromark-extension-gfm'
import { decodeString } from 'micromark-util-decode-string'
import type { Span } from '../place.ts'
import { labelKey } from './targets.ts'

/** A link as the exact parser reads it: `close` is the offset of the `]` that ends its text. */
export interface ExactLink {
  span: Span
  close: number
  url: string
  urlSpan: Span
  /** The text between the brackets, as written. */
  label: string
}

/** What may refer to a definition: only those that a block names are read with it. */
const label = /\[((?:[^[\]\\]|\\.){1,999})\]/gs

/** Finds the inline links of one block with micromark; offsets are those of the whole source. */
export function findLinks(
  source: string,
  block: Span,
  definitions: ReadonlyMap<string, { url: string }>,
): ExactLink[] {
  const text = source.slice(block.from, block.to)
  const labels = new Set([...text.matchAll(label)].map((found) => labelKey(found[1]!)))
  const known = [...labels]
    .map((one) => ({ one, url: definitions.get(one)?.url }))
    .map(({ one, url }) => (url === undefined ? '' : `\n[${one}]: <${url}>`))
    .join('')
  const chunks = preprocess()(`${text}\n${known}`, undefined, true)
  const links: ExactLink[] = []
  let open: (Partial<ExactLink> & { from: number }) | null = null
  for (const [step, token] of postprocess(
    parse({ extensions: [gfm()] })
      .document()
      .write(chunks),
  )) {
    const from = block.from + token.start.offset
    const to = block.from + token.end.offset
    if (from >= block.to) break
    if (token.type === 'link' && step === 'enter') open = { from }
    else if (!open) continue
    else if (token.type === 'label' && step === 'exit') open.close = to - 1
    else if (token.type === 'resourceDestinationString' && step === 'exit') {
      open.url = decodeString(source.slice(from, to))
      open.urlSpan = { from, to }
    } else if (token.type === 'link' && step === 'exit') {
      if (open.url !== undefined && open.close !== undefined) {
        links.push({
          span: { from: open.from, to },
          close: open.close,
          url: open.url,
          urlSpan: open.urlSpan!,
          label: source.slice(open.from + 1, open.close),
        })
      }
      open = null
    }
  }
  return links
}
