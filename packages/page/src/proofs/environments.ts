import type { Subject } from '../register.ts'

/** The parameter `in` of proofs about who can reach an environment. */
export const environmentParam = {
  type: 'word',
  says: 'the environment meant: production, staging ..., or lower for all but production',
} as const

/**
 * `in=production` means every environment whose name does not say that it is another; `in=lower` every
 * one whose name does not surely say production; another word all of its family, as `staging-eu` is of
 * `staging`. When in doubt an environment belongs to it.
 */
export function inEnvironment(wanted: string | undefined, subject: Subject): boolean {
  if (wanted === undefined) return true
  const names = [subject.environment, subject.type === 'environment' ? subject.id : null]
    .filter((one) => one !== null)
    .map(wordsOf)
  const word = wordsOf(wanted)
  if (word.join('') === 'lower') return isProductive(names) !== 'yes'
  return isProductive([word]) === 'yes'
    ? isProductive(names) !== 'no'
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
/** `preprod` and `pre-prod`, `nonprodeu` and `not live`: what goes before turns it round. */
const notProductive = /(?:^| )(?:pre|non|not) ?(?:prod|prd|live)/
/** Names of what is not production, unless they go with its name, as in `dev-portal-production`. */
const lower =
  /^(?:lower|local|ci|dev|devel|develop|development|tests?|testing|tst|qa|uat|sit|stage|staging|stg|pre|demo|sandbox|sbx|preview|review|lab|playground)$/

/** Whether the names of an environment say that it is production; `main` and `eu` do not say. */
function isProductive(names: readonly (readonly string[])[]): 'yes' | 'maybe' | 'no' {
  const words = names.flat()
  if (words.length === 0 || names.some((one) => notProductive.test(one.join(' ')))) return 'no'
  const isLower = words.some((word) => lower.test(word))
  if (words.some((word) => surelyProductive.test(word))) return isLower ? 'maybe' : 'yes'
  return isLower && !words.some((word) => maybeProductive.test(word)) ? 'no' : 'maybe'
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
