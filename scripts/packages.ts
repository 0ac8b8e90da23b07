import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/**
 * What is published. `modules` keeps the files of a library apart, with types; `bundle` makes a few
 * files of a program, everything it imports inside but the server, so that it starts quickly and
 * installs alone.
 */
export const published: readonly Published[] = [
  { name: 'page', form: 'modules' },
  { name: 'ledger', form: 'modules' },
  { name: 'postgres', form: 'modules' },
  { name: 'policy', form: 'modules' },
  { name: 'guard', form: 'modules' },
  { name: 'server', form: 'modules' },
  { name: 'client', form: 'modules' },
  { name: 'cli', form: 'bundle' },
]

export interface Published {
  name: string
  form: 'modules' | 'bundle'
}

export interface Manifest {
  name: string
  version: string
  license?: string
  exports?: Record<string, unknown>
  bin?: Record<string, string>
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  [field: string]: unknown
}

export function folderOf(name: string): string {
  return join(root, 'packages', name)
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}
