import { didYouMean } from './finding.ts'
import { durationUnits, formatDuration, isDate, readDuration, type Duration } from './duration.ts'

/**
 * A time limit as a page promises it. Written as a range (`2h..4h`), the lower bound is the target
 * a team works to and the upper one the promise; written once, both are the same.
 */
export interface Limit {
  target: Duration
  promise: Duration
}

interface Described {
  /** What the parameter means, in a few words. */
  says: string
  required?: true
}
export interface DurationParam extends Described {
  type: 'duration'
}
/** A limit may also be one of the listed words, for a due date that depends on something else. */
export interface LimitParam<Word extends string = never> extends Described {
  type: 'limit'
  words?: readonly Word[]
}
export interface NumberParam extends Described {
  type: 'number'
  least: number
  most: number
  /** Decimals are allowed, as in `min=1.2`. */
  decimal?: true
}
/** One word; any word when `of` is absent. */
export interface WordParam<Word extends string = string> extends Described {
  type: 'word'
  of?: readonly Word[]
}
/** Words separated by commas; any words when `of` is absent. */
export interface ListParam<Word extends string = string> extends Described {
  type: 'list'
  of?: readonly Word[]
  /** Each word is a place: a region, country or continent. */
  areas?: true
}
/** A calendar day, `2022-07-22`. */
export interface DateParam extends Described {
  type: 'date'
}
export type Param =
  | DurationParam
  | LimitParam<string>
  | NumberParam
  | WordParam
  | ListParam
  | DateParam

export type Params = Readonly<Record<string, Param>>

type ValueOf<P> = P extends DurationParam
  ? Duration
  : P extends { type: 'limit' }
    ? Limit | (P extends { words: readonly (infer Word)[] } ? Word : never)
    : P extends NumberParam
      ? number
      : P extends WordParam<infer Word> | DateParam
        ? P extends WordParam
          ? Word
          : string
        : P extends ListParam<infer Word>
          ? readonly Word[]
          : never

/** The values a judge receives, by the schema of its proof. */
export type Values<S extends Params> = {
  readonly [K in keyof S]: S[K] extends { required: true }
    ? ValueOf<S[K]>
    : ValueOf<S[K]> | undefined
}

export type Value = Duration | Limit | string | number | readonly string[]

export type Reading = { value: Value } | { problem: string; suggestion?: string }

/** What no value needs more of, in characters. */
const longest = 1000

/** Reads one value by its schema; the problem says what was expected and shows how to write it. */
export function readValue(param: Param, text: string): Reading {
  if (text === '') return { problem: 'the value is missing' }
  if (text.length > longest) {
    return {
      problem: `the value has ${text.length} characters, and none needs more than ${longest}`,
    }
  }
  switch (param.type) {
    case 'duration': {
      const duration = readDuration(text)
      return duration ? { value: duration } : durationProblem(text)
    }
    case 'limit':
      return readLimit(param, text)
    case 'number': {
      const number = Number(text)
      const shape = param.decimal ? /^\d+(?:\.\d+)?$/ : /^\d+$/
      if (!shape.test(text)) {
        return { problem: `"${text}" is not a ${param.decimal ? '' : 'whole '}number` }
      }
      return number < param.least || number > param.most
        ? { problem: `${text} is outside ${param.least} to ${param.most}` }
        : { value: number }
    }
    case 'word':
      return readWord(param.of, text)
    case 'list':
      return readList(param.of, text)
    case 'date':
      return isDate(text)
        ? { value: text }
        : { problem: `"${text}" is not a calendar date; write it as 2027-03-01` }
  }
}

function readLimit(param: LimitParam<string>, text: string): Reading {
  if (param.words?.includes(text.toLowerCase())) return { value: text.toLowerCase() }
  const [low, high, more] = text.split('..')
  const target = readDuration(low!)
  const promise = high === undefined ? target : readDuration(high)
  if (!target || !promise || more !== undefined) {
    const problem = durationProblem(text)
    if (!param.words?.length) return problem
    return { ...problem, problem: `${problem.problem}, and not one of: ${param.words.join(', ')}` }
  }
  if (formatDuration(target) !== formatDuration(promise) && !isLonger(promise, target)) {
    return {
      problem: `the range ${text} ends before it starts; write the target first, then the promise`,
    }
  }
  return { value: { target, promise } }
}

function isLonger(a: Duration, b: Duration): boolean {
  return a.months * 2_629_746 + a.seconds > b.months * 2_629_746 + b.seconds
}

const spelledUnits: Record<string, string> = {
  hr: 'h', hrs: 'h', hour: 'h', hours: 'h', day: 'd', days: 'd', week: 'w', weeks: 'w', month: 'mo',
  months: 'mo', mon: 'mo', year: 'y', years: 'y', yr: 'y', minute: 'm', minutes: 'm', mins: 'm',
  second: 's', seconds: 's', sec: 's', secs: 's', quarter: 'q', quarters: 'q',
} // prettier-ignore

function durationProblem(text: string): { problem: string; suggestion?: string } {
  const problem = `"${text}" is not a duration; write ${durationUnits}`
  const spelled = /^(\d+)[\s_-]*([a-z]+)$/i.exec(text)
  const unit = spelled && spelledUnits[spelled[2]!.toLowerCase()]
  if (unit) return { problem, suggestion: `${spelled[1]}${unit}` }
  return /^\d+$/.test(text) ? { problem: `${problem}: ${text} of what?` } : { problem }
}

const wordShape = /^[\p{L}\p{N}][\p{L}\p{N}._:/@+-]*$/u

function readWord(known: readonly string[] | undefined, text: string): Reading {
  const word = known ? text.toLowerCase() : text
  if (known && !known.includes(word)) {
    const near = didYouMean(word, known)
    const problem = `"${text}" is not one of: ${known.join(', ')}`
    return near ? { problem, suggestion: near } : { problem }
  }
  if (!wordShape.test(word) || word.length > 200) {
    return { problem: `"${text}" is not a word: letters, digits and . _ : / @ + - only` }
  }
  return { value: word }
}

function readList(known: readonly string[] | undefined, text: string): Reading {
  const words: string[] = []
  for (const part of text.split(',')) {
    const reading = readWord(known, part.trim())
    if ('problem' in reading)
      return part.trim() ? reading : { problem: 'the list has an empty place' }
    const word = reading.value as string
    if (words.includes(word)) return { problem: `"${word}" stands in the list twice` }
    words.push(word)
  }
  return { value: words }
}

/** The lengths of time of a value; of a range both ends. */
export function durationsIn(value: Value): Duration[] {
  if (typeof value !== 'object' || Array.isArray(value)) return []
  if ('seconds' in value) return [value]
  return 'promise' in value ? [value.target, value.promise] : []
}

/** Writes a value back as a page writes it. */
export function formatValue(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if ('months' in value) return formatDuration(value)
  if ('promise' in value) {
    const [target, promise] = [formatDuration(value.target), formatDuration(value.promise)]
    return target === promise ? promise : `${target}..${promise}`
  }
  return value.join(',')
}
