import {
  decodePage,
  formatOf,
  indexLines,
  textOf,
  type Finding,
  type Format,
  type Lines,
} from '@kept/page'
import { Failure } from '../failure.ts'
import type { Terminal } from '../terminal.ts'

/** A file that positions point into: the page, its systems or its evidence. */
export interface Source {
  /** How the file is named in positions. */
  name: string
  /** As `textOf` has it: every span that the compiler tells is an offset in this. */
  text: string
  lines: Lines
}

export function toSource(name: string, written: string): Source {
  const text = textOf(written)
  return { name, text, lines: indexLines(text) }
}

/** Reads a file that positions will point into. */
export async function readSource(path: string, terminal: Terminal): Promise<Source> {
  const { name, text } = await readText(path, terminal)
  return toSource(name, text)
}

/** Reads a page; of one so long that people would wait for it, it says how long on a screen. */
export async function readPage(path: string, terminal: Terminal): Promise<Source> {
  const source = await readSource(path, terminal)
  const millions = source.text.length / 1e6
  if (terminal.screen && millions >= 1) {
    const seconds = Math.ceil(millions * secondsOfMillion)
    const often = `a page of ${millions.toFixed(1)} million characters takes some ${seconds} seconds`
    terminal.complain(`${source.name}: ${often}, and Ctrl-C ends it\n`)
  }
  return source
}

/** Of a machine of two cores, measured on dense prose. */
const secondsOfMillion = 5

/** Reads a file as it is written; what cannot be read as text at all is a failure at its position. */
export async function readText(
  path: string,
  terminal: Terminal,
): Promise<Pick<Source, 'name' | 'text'>> {
  const name = path === '-' ? '<stdin>' : path
  const decoded = decodePage(await terminal.read(path))
  if ('text' in decoded) return { name, text: decoded.text }
  throw unreadable(name, decoded.finding)
}

/** How a page is written, by its name; one without a name that tells begins as HTML does, or is Markdown. */
export async function readFormat(path: string, text: string): Promise<Format> {
  const named = path === '-' ? 'markdown' : formatOf(path)
  const isTold = named !== 'text' && /.\.\w+$/.test(path)
  const format = !isTold && beginsAsHtml.test(text) ? 'html' : named
  return format === 'html' ? (await import('@kept/page/html')).readHtml : format
}

const beginsAsHtml = /^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b/i

export function unreadable(name: string, { line, column, message, suggestion }: Finding): Failure {
  return new Failure(`${name}:${line}:${column}`, message, suggestion ?? 'give a text in UTF-8')
}
