import type { SyntaxNode, Tree } from '@lezer/common'
import { decodeString } from 'micromark-util-decode-string'
import type { Span } from '../place.ts'

/** Where a link leads, and where the page writes it. */
export interface Target {
  url: string
  span: Span
}

/** Finds where the links of a page lead, those by reference included. */
export class Targets {
  readonly definitions = new Map<string, Target>()
  private readonly source: string

  constructor(source: string, tree: Tree) {
    this.source = source
    if (source.includes(']:')) this.readDefinitions(tree)
  }

  private readDefinitions(tree: Tree): void {
    const cursor = tree.cursor()
    do {
      if (cursor.name !== 'LinkReference') continue
      const label = cursor.node.getChild('LinkLabel')
      const url = cursor.node.getChild('URL')
      if (!label || !url) continue
      const key = labelKey(this.source.slice(label.from + 1, label.to - 1))
      // Readers that know footnotes take it for one.
      if (key.startsWith('^')) continue
      const span = { from: url.from, to: url.to }
      if (!this.definitions.has(key)) this.definitions.set(key, { url: this.urlOf(url), span })
    } while (cursor.next())
  }

  /** The target of a link or image; null when it is none after all. */
  of(node: SyntaxNode): Target | null {
    const url = targetNode(node)
    if (url) return { url: this.urlOf(url), span: { from: url.from, to: url.to } }
    const marks = node.getChildren('LinkMark')
    // `[text]()` is a link too, with an address that was never written.
    if (marks.length >= 4 && this.source[marks[2]!.from] === '(')
      return { url: '', span: { from: marks[2]!.from, to: marks[3]!.to } }
    if (this.definitions.size === 0) return null
    const label = node.getChild('LinkLabel')
    const text = label ? this.source.slice(label.from + 1, label.to - 1) : ''
    const written = text || this.source.slice(node.from + 1, marks[1]?.from)
    // CommonMark 6.3: a label has at most 999 characters.
    return written.length > 999 ? null : (this.definitions.get(labelKey(written)) ?? null)
  }

  urlOf(node: SyntaxNode): string {
    const raw = this.source.slice(node.from, node.to)
    const bare = raw.startsWith('<') ? raw.slice(1, -1) : raw
    return /[\\&]/.test(bare) ? decodeString(bare) : bare
  }
}

/** The address of a link or image: what stands behind its text, which may hold bare addresses of its own. */
export function targetNode(node: SyntaxNode): SyntaxNode | undefined {
  const close = node.getChildren('LinkMark')[1]
  return close && node.getChildren('URL').findLast((url) => url.from >= close.to)
}

/** Labels match by Unicode case folding, with white space folded (CommonMark 4.7): `ẞ` and `SS` are one. */
export function labelKey(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase().toUpperCase()
}
