import { styleText } from 'node:util'
import type { Level, VerdictName } from '@kept/page'

type Style = Parameters<typeof styleText>[0]
export type Paint = (style: Style, text: string) => string

/** A verdict is a word and a shape before it is a colour. */
export const verdictLook: Record<VerdictName, { shape: string; style: Style }> = {
  kept: { shape: '✓', style: 'green' },
  attested: { shape: '✎', style: 'blue' },
  due: { shape: '◔', style: 'yellow' },
  missed: { shape: '◑', style: 'yellow' },
  stale: { shape: '◌', style: 'magenta' },
  unproven: { shape: '○', style: 'magenta' },
  unprovable: { shape: '∅', style: 'cyan' },
  unbacked: { shape: '□', style: 'cyan' },
  broken: { shape: '✕', style: 'red' },
}

export const levelStyle: Record<Level, Style> = { error: 'red', warning: 'yellow', note: 'cyan' }

export function painter(colour: boolean): Paint {
  return colour
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text
}
