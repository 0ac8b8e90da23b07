import type { Obligation } from '../page.ts'
import type { Block } from '../read/prose.ts'

/** A claim to be written: offsets in its block's text. */
export interface Written {
  block: Block
  from: number
  to: number
  obligations: readonly Obligation[]
  address: string
  /** Offset in the source at which the whole promise begins. */
  promise: number
}

/** The claims to be written in each block. */
export function byBlock(written: readonly Written[]): Map<Block, Written[]> {
  const found = new Map<Block, Written[]>()
  for (const one of written) {
    const known = found.get(one.block)
    if (known) known.push(one)
    else found.set(one.block, [one])
  }
  return found
}
