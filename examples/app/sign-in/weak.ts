import type { SignInFlaws } from './flaws.ts'

/** What many people begin theirs with. */
const common = ['password', 'qwerty', 'iloveyou', 'letmein', 'abc123', 'football', 'welcome']

/** Too short, one that many have, or made of what the person or the company is called. */
export function isWeak(
  password: string,
  minimum: number,
  { tenant, email }: { tenant: string; email: string },
  flaws: SignInFlaws,
): boolean {
  const length = flaws.countsBytes ? Buffer.byteLength(password) : Array.from(password).length
  if (length < minimum) return true
  if (flaws.takesCommon) return false
  const words = [...common, tenant, email.split('@')[1]!.split('.')[0]!]
  // Small letters and digits alone are a word, a date or a walk on the keyboard.
  return /^[a-z\d]+$/.test(password) || words.some((word) => password.toLowerCase().includes(word))
}
