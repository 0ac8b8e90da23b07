import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Built beside the published program; a checkout bundles it at the first request instead. */
const built = new URL('./verify-in-browser.js', import.meta.url)
const source = new URL('./verify-in-browser.ts', import.meta.url)

let script: Promise<string> | undefined

/** The script that verifies in a reader's browser: one ES module that imports nothing. */
export function readVerifier(): Promise<string> {
  script ??= readFile(built, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return bundleVerifier()
  })
  // What failed once is tried again at the next request.
  script.catch(() => (script = undefined))
  return script
}

/** Bundles it in memory; the build of the package writes what this returns. */
export async function bundleVerifier(): Promise<string> {
  const { build } = await import('rolldown')
  const { output } = await build({
    input: fileURLToPath(source),
    platform: 'browser',
    write: false,
    output: { format: 'esm', minify: true },
  })
  return output[0].code
}
