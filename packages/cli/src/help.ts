import type { Command } from './command.ts'
import { painter, type Paint } from './look.ts'
import type { Manner } from './report/text.ts'
import { wrap } from './typeset.ts'

const globalOptions = { help: 'say how it is used', version: 'print the version' }

const exitCodes = [
  ['0', 'every promise is kept, due or attested, and nothing is an error'],
  ['1', 'some promise is not, or something is an error'],
  ['2', 'bad usage, or a file that cannot be read'],
] as const

/** The help of the whole program. */
export function helpForAll(commands: readonly Command[], { width, colour }: Manner): string {
  const paint = painter(colour)
  const rows = commands.map((one): [string, string] => [usageOf(one), one.says])
  const options = Object.entries(globalOptions).map(([name, says]) => [`--${name}`, says] as const)
  return [
    'kept: every sentence on your security page, kept.',
    section('Commands', rows, width, paint),
    section('Options', options, width, paint),
    section('Exit codes', exitCodes, width, paint),
    '`kept COMMAND --help` says more.\n',
  ].join('\n\n')
}

/** The help of one command. */
export function helpFor(command: Command, { width, colour }: Manner): string {
  const paint = painter(colour)
  const { arguments: taken } = command
  const options = Object.entries(command.options).map(([name, option]): [string, string] => {
    const short = option.short ? `-${option.short}, ` : ''
    const instead = option.variable ? `; or ${option.variable} in the environment` : ''
    return [`${short}--${name}${option.value ? ` ${option.value}` : ''}`, option.says + instead]
  })
  options.push(['--help', globalOptions.help])
  const exits = command.exits ?? (command.name === 'check' ? exitCodes : null)
  return (
    [
      `kept ${usageOf(command)}\n${wrap(command.says, width).join('\n')}`,
      ...(taken.length > 0
        ? [
            section(
              taken.length > 1 ? 'Arguments' : 'Argument',
              taken.map(({ name, says }) => [name, says]),
              width,
              paint,
            ),
          ]
        : []),
      section('Options', options, width, paint),
      ...(command.variables ? [section('Environment', command.variables, width, paint)] : []),
      ...(exits ? [section('Exit codes', exits, width, paint)] : []),
      section('Example', [[command.example, '']], width, paint),
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  )
}

function usageOf({ name, arguments: taken, options }: Command): string {
  const words = taken
    .map(({ name: word, optional, repeats }) => {
      const said = `${word}${repeats ? '...' : ''}`
      return ` ${optional ? `[${said}]` : said}`
    })
    .join('')
  const rest = Object.keys(options).length > 0 ? ' [OPTIONS]' : ''
  return `${name}${words}${rest}`
}

type Rows = readonly (readonly [string, string])[]

/** A title and two columns, the second wrapped. */
function section(title: string, rows: Rows, width: number, paint: Paint): string {
  const left = Math.max(...rows.map(([name]) => name.length)) + 4
  const lines = rows.flatMap(([name, says]) =>
    wrap(says, width, `  ${name}`.padEnd(left), ' '.repeat(left)).map((line) => line.trimEnd()),
  )
  return [paint('bold', title), ...lines].join('\n')
}
