import { run } from '../src/run.ts'
import { openTerminal } from '../src/terminal.ts'

const terminal = openTerminal()

export interface Said {
  code: number
  out: string
  err: string
}

/** Runs one command line in this process, on real files and a real network. */
export async function runReal(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Said> {
  let [out, err] = ['', '']
  const code = await run(words, {
    ...terminal,
    width: 80,
    colour: false,
    env,
    print: async (chunks) => {
      for (const chunk of chunks) out += chunk
    },
    complain: (text) => void (err += text),
  })
  return { code, out, err }
}
