import type { Subject } from '../register.ts'

/** The parameter `in` of proofs about who can reach an environment. */
export const environmentParam = {
  type: 'word',
  says: 'the environment meant: production, staging ..., or lower for all but production',
} as const

/**
 * `in=production` means environments that their names say, or may say, are productive; `in=lower` every
 * one that is not surely so; another word all of its family, as `staging-eu` is of `staging`. When in
 * doubt an environment belongs to it.
 */
export function inEnvironment(wanted: string | undefined, subject: Subject): boolean {
  if (wanted === undefined) return true
  const names = [subject.environment, subject.type === 'environment' ? subject.id : null]
    .filter((one) => one !== null)
    .map(wordsOf)
  const word = wordsOf(wanted)
  if (word.join('') === 'lower') return !names.some((one) => isProductive(one, surelyProductive))
  return isProductive(word, surelyProductive)
    ? names.some((one) => isProductive(one, maybeProductive))
    : names.some((one) => isOfFamily(one, word))
}

/** The words of a name, in lower case: `productionEU`, `production-eu` and `Production_EU2` have the same. */
function wordsOf(name: string): string[] {
  return name
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')
}

const surelyProductive = /^(?:prod|prd|production|live)$/
const maybeProductive = /prod|prd|^live|live$/

/** `prod-eu`, `eu_production` and, maybe, `prodeu` are production, `pre-prod` and `nonprod` are not. */
function isProductive(words: readonly string[], name: RegExp): boolean {
  const isSaidNot = words.some((word) =>
    /^(?:(?:pre|non|not|no)(?:prod.*|prd.*|live.*)?|test|staging|dev)$/.test(word),
  )
  return !isSaidNot && words.some((word) => name.test(word))
}

/** Names of one thing, the first of them for all. */
const synonyms = [
  ['staging', 'stage', 'stg'],
  ['development', 'devel', 'dev'],
  ['testing', 'test', 'tst'],
]

/** Whether the words wanted begin or end a name, or words of it: `staging-eu`, `stagingeu`, `eu1-stage`. */
function isOfFamily(words: readonly string[], wanted: readonly string[]): boolean {
  const own = synonyms.find((names) => names.includes(wanted.join(''))) ?? [wanted.join('')]
  return own.some((name) =>
    [words.join(''), ...words].some((word) => word.startsWith(name) || word.endsWith(name)),
  )
}
