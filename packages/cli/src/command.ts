import { parseArgs } from 'node:util'
import { didYouMean } from '@kept/page'
import { Failure } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** 0: every promise is kept, due or attested. 1: one is not, or something is an error. 2: the command could not do its work. */
export type ExitCode = 0 | 1 | 2

export interface Option {
  /** What stands for its value in the help; a flag has none. */
  value?: 'FILE' | 'TIME'
  short?: string
  says: string
}

export interface Command {
  name: string
  says: string
  /** The one thing it works on. */
  argument: { name: string; says: string; words?: readonly string[] } | null
  options: Readonly<Record<string, Option>>
  example: string
  run: (given: Given, terminal: Terminal) => Promise<ExitCode>
}

/** What a command line gives a command. */
export interface Given {
  argument: string
  /** Options with their value; a flag that is given has the value ''. */
  options: ReadonlyMap<string, string>
}

/** Reads the words after a command's name; what is wrong names the word and what was meant. */
export function readArguments(command: Command, words: readonly string[]): Given {
  const { tokens } = parseArgs({
    args: [...words],
    options: toParseArgs(command.options),
    strict: false,
    tokens: true,
  })
  const place = `kept ${command.name}`
  const positionals: string[] = []
  const options = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind === 'option') {
      const value = checkOption(command, token)
      if (options.has(token.name)) {
        throw new Failure(place, `${token.rawName} is given twice`, 'give it once')
      }
      options.set(token.name, value)
    }
  }
  return { argument: checkArgument(command, positionals), options }
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
  const place = `kept ${command.name}`
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

function checkArgument(command: Command, positionals: readonly string[]): string {
  const place = `kept ${command.name}`
  const usage = `write \`${command.example}\``
  const [first, second] = positionals
  if (!command.argument) {
    if (first === undefined) return ''
    throw new Failure(place, `it takes no argument, but "${first}" is given`, usage)
  }
  if (first === undefined || first === '') {
    throw new Failure(place, `${command.argument.name} is missing`, usage)
  }
  if (second !== undefined) {
    throw new Failure(
      place,
      `it takes one ${command.argument.name}, but "${second}" follows`,
      usage,
    )
  }
  return first
}
