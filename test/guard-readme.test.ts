import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const guard = join(root, 'packages', 'guard')
const readme = readFileSync(join(guard, 'README.md'), 'utf8')
const blocks = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code!)
/** Three frameworks stand in one block, each with an app of its own. */
const examples = blocks.flatMap((code) => code.split(/\n(?=\/\/ (?:Express|Hono) )/))

/** What the examples leave to the app, one file for each: a name of its own goes before this. */
const app = `
import pg from 'pg'
import Fastify from 'fastify'
import express from 'express'
import { Hono } from 'hono'
import type { Policies } from '@kept/policy'
import { signRequest, type Signer } from '@kept/client'
import { found, openBundle, openGuard, trustedPrincipal, verifySession, verifyToken } from '@kept/guard'
import type { AdmissionOptions, Guard, Key, Scope, ScopeOptions, Session } from '@kept/guard'
import { guardExpress } from '@kept/guard/express'
import { guardFastify } from '@kept/guard/fastify'
import { guardHono } from '@kept/guard/hono'
declare const pool: pg.Pool, policies: Policies, key: Key, tenant: string, title: string, id: string
declare const signal: AbortSignal, guard: Guard, options: AdmissionOptions, scope: ScopeOptions, runner: Signer
declare const sessions: { find(hash: string): Promise<Session | null> }
declare function readInvoice(scope: Scope, id: string): Promise<object>
`
const apps: [RegExp, string][] = [
  [/guardFastify/, 'const app = Fastify()'],
  [/guardExpress/, 'const app = express()'],
  [/guardHono/, 'const app = new Hono()'],
]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-readme-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** As an app compiles it that knows no other option than to be strict. */
function compile(codes: readonly string[]): string {
  const names = codes.map((code, i) => {
    const own = apps.find(([pattern]) => pattern.test(code))?.[1] ?? ''
    // Names that an example gives itself hide those of the app.
    const text = `${app}\n${own}\nexport async function example() {\n${code.replaceAll(/^import .*$/gm, '')}\n}\n`
    writeFileSync(join(folder, `${i}.ts`), text)
    return `${i}.ts`
  })
  const flags =
    '--noEmit --strict --skipLibCheck --allowImportingTsExtensions --target es2024 --lib es2024,esnext.iterator --module nodenext --types node'
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const run = spawnSync(process.execPath, [tsc, ...flags.split(' '), ...names], {
    cwd: folder,
    encoding: 'utf8',
  })
  return run.stdout + run.stderr
}

it('has examples that compile, strictly', { timeout: 120_000 }, () => {
  expect(examples.length).toBeGreaterThan(6)
  const wrong = `${examples[0]!}\nconst n: number = list`
  const errors = compile([...examples, wrong])
    .split('\n')
    .filter((line) => line.includes('error TS'))
  const expected = new RegExp(`^${examples.length}[.]ts.*TS2322`)
  expect(errors).toEqual([expect.stringMatching(expected)])
})

it('imports what its examples use from where it says', () => {
  const { exports, dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(guard, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string>>
  expect(Object.keys(exports!)).toEqual(
    expect.arrayContaining(['.', './fastify', './express', './hono']),
  )
  // Our types are made of those of pg, which has none of its own.
  expect(dependencies!['@types/pg']).toBe(peerDependencies!['pg'])
})
