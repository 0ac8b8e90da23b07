import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)

/** The text of a file of this repository. */
export function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, root)), 'utf8')
}

/** The text of a file in ../shared, or null: a bare clone has no such folder beside it. */
export function readShared(path: string): string | null {
  const file = fileURLToPath(new URL(`../shared/${path}`, root))
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}
