import { enableCompileCache } from 'node:module'

// What is imported after this line starts from the code that an earlier run compiled.
enableCompileCache()
void start()

async function start(): Promise<void> {
  const { run } = await import('./run.ts')
  const { openTerminal } = await import('./terminal.ts')
  process.exitCode = await run(process.argv.slice(2), openTerminal())
}
