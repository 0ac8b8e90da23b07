import { askAsOperator, type Kept } from '@kept/server'

/** Has the collectors of a company look now, at everything or at one kind of thing. */
export async function lookNow({ kept }: { kept: Kept }, kind?: string): Promise<void> {
  await askAsOperator<'collect'>(kept, 'claims.collect', kind === undefined ? {} : { kind })
}
