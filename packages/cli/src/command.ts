import { parseArgs } from 'node:util'
import { didYouMean } from '@kept/page'
import { Failure } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** 0: every promise is kept, due or attested. 1: one is not, or something is an error. 2: the command could not do its work. */
export type ExitCode = 0 | 1 | 2

/** What stands for a value in the help. */
export type ValueName =
  | 'FILE'
  | 'DIR'
  | 'TIME'
  | 'DATE'
  | 'SECONDS'
  | 'URL'
  | 'HOST'
  | 'PORT'
  | 'ID'
  | 'NAME'
  | 'TEXT'
  | 'KEY'
  | 'NAME=VALUE'

export interface Option {
  /** A flag has none. */
  value?: ValueName
  short?: string
  says: string
  /** May be given again and again. */
  repeats?: true
  /** The variable of the environment that stands in for it. */
  variable?: string
}

export interface Argument {
  name: string
  says: string
  /** All that it may be. With a lower-case name it is a word of the command itself, as `new` in `keys new`. */
  words?: readonly string[]
  optional?: true
  /** The last may be given again and again. */
  repeats?: true
}

export interface Command {
  name: string
  says: string
  /** What it works on, in order. */
  arguments: readonly Argument[]
  options: Readonly<Record<string, Option>>
  /** What each exit code means, where it is not what `kept check` means. */
  exits?: readonly (readonly [string, string])[]
  /** What it reads from the environment. */
  variables?: readonly (readonly [string, string])[]
  example: string
  run: (given: Given, terminal: Terminal) => Promise<ExitCode>
}

/** What a command line gives a command. */
export interface Given {
  /** The arguments in order; one that is left out is ''. */
  words: readonly string[]
  /** Options with their value; a flag that is given has the value ''. */
  options: ReadonlyMap<string, string>
  /** All values of the options that may be repeated. */
  lists: ReadonlyMap<string, readonly string[]>
}

/** Reads the words after a command's name; what is wrong names the word and what was meant. */
export function readArguments(
  command: Command,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Given {
  const { tokens } = parseArgs({
    args: [...words],
    options: toParseArgs(command.options),
    strict: false,
    tokens: true,
  })
  const place = placeOf(command)
  const positionals: string[] = []
  const options = new Map<string, string>()
  const lists = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const value = checkOption(command, token)
    if (command.options[token.name]?.repeats) {
      lists.set(token.name, [...(lists.get(token.name) ?? []), value])
    } else if (options.has(token.name)) {
      throw new Failure(place, `${token.rawName} is given twice`, 'give it once')
    } else options.set(token.name, value)
  }
  for (const [name, { variable }] of Object.entries(command.options)) {
    const value = variable === undefined ? undefined : env[variable]
    if (value && !options.has(name)) options.set(name, value)
  }
  return { words: checkArguments(command, positionals), options, lists }
}

function placeOf({ name }: Command): string {
  return `kept ${name}`
}

function toParseArgs(options: Command['options']) {
  return Object.fromEntries(
    Object.entries(options).map(([name, { value, short }]) => {
      const type = value ? ('string' as const) : ('boolean' as const)
      return [name, short ? { type, short } : { type }]
    }),
  )
}

interface OptionToken {
  name: string
  rawName: string
  value: string | undefined
  inlineValue: boolean | undefined
}

function checkOption(command: Command, { name, rawName, value, inlineValue }: OptionToken): string {
  const place = placeOf(command)
  const option = Object.hasOwn(command.options, name) ? command.options[name] : undefined
  if (!option) {
    const near = didYouMean(name, Object.keys(command.options))
    const fix = near
      ? `did you mean --${near}?`
      : `\`kept ${command.name} --help\` lists its options`
    throw new Failure(place, `there is no option ${rawName}`, fix)
  }
  if (!option.value) {
    if (value === undefined) return ''
    throw new Failure(place, `${rawName} takes no value`, `write ${rawName} alone`)
  }
  // `--systems --json` forgot the file; a name that begins with a dash is written `--systems=-x`.
  const forgotten = !inlineValue && value !== '-' && value?.startsWith('-')
  if (value === undefined || value === '' || forgotten) {
    throw new Failure(place, `${rawName} needs a value`, `write ${rawName} ${option.value}`)
  }
  return value
}

function checkArguments(command: Command, positionals: readonly string[]): string[] {
  const place = placeOf(command)
  const usage = `write \`${command.example}\``
  const taken = command.arguments
  const last = taken.at(-1)
  const extra = last?.repeats ? undefined : positionals[taken.length]
  if (extra !== undefined) {
    const [first] = taken
    const reason = first
      ? `it takes ${taken.length === 1 ? 'one' : 'only'} ${taken.map(({ name }) => name).join(' and ')}, but "${extra}" follows`
      : `it takes no argument, but "${extra}" is given`
    throw new Failure(place, reason, usage)
  }
  const words = taken.map((argument, i) => {
    const word = positionals[i] ?? ''
    if (word === '' && !argument.optional) {
      throw new Failure(place, `${argument.name} is missing`, usage)
    }
    if (isLiteral(argument) && !argument.words!.includes(word)) {
      const near = didYouMean(word, argument.words!)
      const fix = near ? `did you mean \`kept ${command.name} ${near}\`?` : usage
      throw new Failure(place, `it has no "${word}"`, fix)
    }
    return word
  })
  return [...words, ...positionals.slice(taken.length)]
}

/** A word of the command itself. */
function isLiteral({ name, words }: Argument): boolean {
  return words !== undefined && words.includes(name)
}
