import type { Finding } from './finding.ts'
import { indexLines } from './place.ts'

/** Pages beyond this many bytes are refused: nobody reads them, and something else was meant. */
export const mostBytes = 64 * 1024 * 1024

/** Decodes a page's bytes as UTF-8; what is no text is refused at the place where it stops being one. */
export function decodePage(bytes: Uint8Array): { text: string } | { finding: Finding } {
  if (bytes.length > mostBytes)
    return refuse(bytes, 0, `this file has more than ${mostBytes >> 20} MB`)
  if (
    bytes.length >= 2 &&
    ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
  ) {
    return refuse(bytes, 0, 'this file is UTF-16; save it as UTF-8')
  }
  const nul = bytes.indexOf(0)
  if (nul >= 0) return refuse(bytes, nul, 'this is a binary file, not a page: it holds a NUL byte')
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return refuse(bytes, firstInvalid(bytes), 'these bytes are not UTF-8; save the file as UTF-8')
  }
}

function refuse(bytes: Uint8Array, offset: number, message: string): { finding: Finding } {
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, offset))
  const { line, column } = indexLines(before).place(before.length)
  return {
    finding: {
      rule: 'unreadable',
      level: 'error',
      line,
      column,
      endLine: line,
      endColumn: column + 1,
      message,
      suggestion: null,
    },
  }
}

/** Offset of the first byte that no valid UTF-8 could hold there, found by halving. */
function firstInvalid(bytes: Uint8Array): number {
  let good = 0
  let bad = bytes.length
  while (good < bad) {
    const middle = (good + bad + 1) >> 1
    if (isPrefix(bytes.subarray(0, middle))) good = middle
    else bad = middle - 1
  }
  if (good < bytes.length) return good
  // A character cut off by the end of the file is refused where it begins.
  while (good > 0 && (bytes[--good]! & 0xc0) === 0x80) continue
  return good
}

function isPrefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

const endings: Record<string, 'markdown' | 'html'> = {
  '': 'markdown',
  md: 'markdown',
  markdown: 'markdown',
  mdown: 'markdown',
  mkd: 'markdown',
  mkdn: 'markdown',
  mdwn: 'markdown',
  mdx: 'markdown',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
}

/** The format a file's name tells: Markdown, also of `SECURITY` without an ending, HTML, or plain text. */
export function formatOf(fileName: string): 'markdown' | 'text' | 'html' {
  const ending = /\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? ''
  return endings[ending] ?? 'text'
}
