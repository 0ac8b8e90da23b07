import type { Command, Option } from './command.ts'
import { didYouMean } from '@kept/page'
import { Failure } from './failure.ts'

const shells = { bash, zsh, fish }

/** Completion is written from the very table that the arguments are read by. */
export function completionFor(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    says: 'print a script that completes kept in your shell',
    arguments: [{ name: 'SHELL', says: 'bash, zsh or fish', words: Object.keys(shells) }],
    options: {},
    example: 'source <(kept completion bash)',
    async run({ words: [shell = ''] }, terminal) {
      const write = Object.hasOwn(shells, shell) ? shells[shell as keyof typeof shells] : null
      if (!write) {
        const near = didYouMean(shell, Object.keys(shells))
        const fix = near ? `did you mean ${near}?` : 'name bash, zsh or fish'
        throw new Failure('kept completion', `there is no completion for "${shell}"`, fix)
      }
      await terminal.print([write(commands())])
      return 0
    },
  }
}

function flagsOf({ options }: Command): string[] {
  return [...Object.keys(options), 'help'].map((name) => `--${name}`)
}

function shortsOf({ options }: Command): string[] {
  return Object.values(options).flatMap(({ short }) => (short ? [`-${short}`] : []))
}

function wordsOf(command: Command): string[] {
  return command.arguments.flatMap(({ words = [] }) => words)
}

/** Whether the shell can complete a value: the name of a file or folder. */
function isPath({ value }: Option): boolean {
  return value === 'FILE' || value === 'DIR'
}

/** The spellings of all options that take a value, for a pattern. */
function valuesOf({ options }: Command): string {
  const spellings: string[] = []
  for (const [name, option] of Object.entries(options)) {
    if (!option.value) continue
    spellings.push(`--${name}`)
    if (option.short) spellings.push(`-${option.short}`)
  }
  return spellings.join('|')
}

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const words = [...flagsOf(command), ...shortsOf(command), ...wordsOf(command)]
    const values = valuesOf(command)
    const skip = values ? `[[ $previous =~ ^(${values})$ ]] && return\n      ` : ''
    return `    ${command.name})\n      ${skip}words="${words.join(' ')}" ;;`
  })
  return `# kept completion for bash: source <(kept completion bash)
_kept() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  COMPREPLY=()
  case "\${COMP_CWORD}:\${COMP_WORDS[1]}" in
    1:*) words="${[...commands.map(({ name }) => name), '--help', '--version'].join(' ')}" ;;
    *) case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _kept kept
`
}

function zsh(commands: readonly Command[]): string {
  const names = commands.map(({ name, says }) => quote(`${name}:${says}`))
  const cases = commands.map((command) => {
    const specs = Object.entries(command.options).map(([name, option]) => {
      const action = isPath(option) ? ':file:_files' : option.value ? `:${option.value}: ` : ''
      const again = option.repeats ? '*' : ''
      return quote(`${again}--${name}[${option.says.replaceAll(/[[\]:]/g, ' ')}]${action}`)
    })
    for (const [i, { name, words, repeats }] of command.arguments.entries()) {
      specs.push(
        quote(`${repeats ? '*' : i + 1}:${name}:${words ? `(${words.join(' ')})` : '_files'}`),
      )
    }
    specs.push(quote('--help[say how it is used]'))
    return `    ${command.name}) _arguments ${specs.join(' ')} ;;`
  })
  return `#compdef kept
# kept completion for zsh: source <(kept completion zsh)
_kept() {
  if (( CURRENT == 2 )); then
    local -a commands=(${names.join(' ')})
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case "$words[1]" in
${cases.join('\n')}
  esac
}
compdef _kept kept
`
}

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const { name, says, options } = command
    const here = `complete -c kept -n '__fish_seen_subcommand_from ${name}'`
    const known = wordsOf(command)
    const words = known.length > 0 ? [`${here} -f -a ${quote(known.join(' '))}`] : []
    const flags = Object.entries(options).map(([option, { value, short, says }]) =>
      [here, short ? `-s ${short}` : '', `-l ${option}`, value ? '-r' : '', `-d ${quote(says)}`]
        .filter(Boolean)
        .join(' '),
    )
    const start = `complete -c kept -n __fish_use_subcommand -f -a ${name} -d ${quote(says)}`
    return [start, ...words, ...flags]
  })
  return `# kept completion for fish: kept completion fish | source\n${lines.join('\n')}\n`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
