import { dictionary } from '@zxcvbn-ts/language-common'

/** Long ones that everybody knows from a drawing, a film or a keyboard course; the list has few that are long. */
const famous = [
  'correcthorsebatterystaple',
  'allyourbasearebelongtous',
  'changemeplease',
  'iamyourfather',
  'letmeinplease',
  'livelaughlove',
  'loremipsumdolorsitamet',
  'maytheforcebewithyou',
  'nevergonnagiveyouup',
  'onceuponatime',
  'supercalifragilisticexpialidocious',
  'thequickbrownfox',
  'thequickbrownfoxjumpsoverthelazydog',
  'thisismypassword',
  'tobeornottobe',
  'tobeornottobethatisthequestion',
  'winteriscoming',
]

/** What tells an attacker nothing new about a person: those most used, and those that were stolen most. */
const common = new Set<string>([...dictionary['passwords-common'], ...famous])
const shortest = 4
const longest = Math.max(...Array.from(common, (one) => one.length))

/** Signs that lie beside each other on keyboards, or follow each other in an alphabet. */
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop[]',
  'asdfghjkl',
  'zxcvbnm,./',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  'qazwsxedcrfvtgbyhnujm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '!@#$%^&*()_+',
  'абвгдежзийклмнопрстуфхцчшщъыьэюя',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
]
const ways = rows.flatMap((row) => [row, Array.from(row).toReversed().join('')])

/**
 * Fewer signs than these beside what everybody knows are a short rest. With 5, one in 2000 of twelve random
 * signs was refused, and the probe would find Kept's own portal uneven.
 */
const leastRest = 4

/**
 * Why one is among the first that an attacker tries, or null: common, repeated, a row of the keyboard, or one
 * of these with little beside it. Two common words are not refused, so that four random ones never are.
 * @param spelled normalized, as it is hashed
 */
export function whyCommon(spelled: string, minimum: number): string | null {
  const lower = spelled.toLowerCase()
  if (isCommon(lower)) return 'it is one that many people have'
  const text = lower.replace(/[^\p{L}\p{M}\p{N}]+/gu, '') || lower
  const unit = unitOf(text)
  if (new Set(lower).size < 4 || (unit !== text && lengthOf(unit) < minimum)) {
    return 'it repeats a few characters'
  }
  if (lengthOf(withoutRows(unit)) < leastRest) return 'it runs along a keyboard or an alphabet'
  const word = wordsIn(unit).find(
    (one) => lengthOf(withoutRows(unit.replaceAll(one, ''))) < leastRest,
  )
  return word === undefined ? null : `it is little more than "${word}", which many people have`
}

/** As it is, and without the digits and signs that people put around a word. */
function isCommon(lower: string): boolean {
  const unquoted = lower.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
  const bare = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  return [lower, unquoted, bare].some((one) => common.has(one))
}

/** What it repeats, the last time perhaps not wholly; the text itself when it repeats nothing. */
function unitOf(text: string): string {
  const signs = Array.from(text)
  for (let size = 1; size * 2 <= signs.length; size++) {
    if (signs.every((sign, i) => i < size || sign === signs[i - size])) {
      return signs.slice(0, size).join('')
    }
  }
  return text
}

/** What is left without three signs or more that follow each other, each typed once or twice. */
function withoutRows(text: string): string {
  const signs = Array.from(text.replace(/(.)\1/gu, '$1'))
  const rest: string[] = []
  for (let from = 0; from < signs.length;) {
    let size = 1
    while (from + size < signs.length && isInRow(signs.slice(from, from + size + 1))) size++
    if (size < 3) rest.push(...signs.slice(from, from + size))
    from += size
  }
  return rest.join('')
}

function isInRow(signs: readonly string[]): boolean {
  const part = signs.join('')
  return ways.some((way) => way.includes(part))
}

/** Common passwords that it has in it. */
function wordsIn(text: string): string[] {
  const found = new Set<string>()
  for (let from = 0; from <= text.length - shortest; from++) {
    for (let size = shortest; size <= Math.min(longest, text.length - from); size++) {
      const part = text.slice(from, from + size)
      if (common.has(part)) found.add(part)
    }
  }
  return [...found].sort((a, b) => b.length - a.length)
}

function lengthOf(text: string): number {
  return Array.from(text).length
}
