import { Resolver } from 'node:dns/promises'
import { cannotLook } from '../foundation/look.ts'
import type { Outside } from '../foundation/outside.ts'
import { codeOf } from './reach.ts'

/** The TXT records of a name; none where there is no such name. That nobody answers is another thing. */
export async function readTxt(
  { reach, txt }: Pick<Outside, 'reach' | 'txt'>,
  name: string,
): Promise<string[]> {
  if (txt) return await txt(name)
  if (reach === 'loopback') {
    throw cannotLook(`this Kept may only reach its own machine, and DNS is asked for ${name}`)
  }
  try {
    const records = await new Resolver({ timeout: 3000, tries: 2 }).resolveTxt(name)
    return records.map((parts) => parts.join(''))
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    throw cannotLook(`DNS does not answer for ${name} (${code})`, error)
  }
}
