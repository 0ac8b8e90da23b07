import { decodeString } from 'micromark-util-decode-string'
import { readFrontMatter } from './front-matter.ts'
import { indexLines, textOf } from './place.ts'
import { markdown } from './read/markdown.ts'

/**
 * The web addresses (http and https) that a Markdown page sends its reader to, each once, without
 * fragment, in order: inline links, references, and addresses written out. Not images, nor code.
 */
export function webLinks(page: string): string[] {
  const source = textOf(page)
  const prose = source.slice(readFrontMatter(source, indexLines(source), []).end)
  const found = new Set<string>()
  const cursor = markdown.parse(prose).cursor()
  do {
    if (cursor.name !== 'URL' || cursor.node.parent?.name === 'Image') continue
    const written = decodeString(prose.slice(cursor.from, cursor.to)).replace(/^<(.*)>$/, '$1')
    const url = URL.parse(/^www\./i.test(written) ? `http://${written}` : written)
    if (!url || !/^https?:$/.test(url.protocol)) continue
    url.hash = ''
    found.add(url.href)
  } while (cursor.next())
  return [...found]
}
