import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { compile, findProof, proofs } from '@kept/page'
import { companies } from '../examples/promises.ts'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const now = Date.UTC(2026, 10, 20)

function* files(folder: string): Generator<string> {
  for (const name of readdirSync(join(root, folder))) {
    if (['node_modules', 'dist', 'build', '.git'].includes(name)) continue
    const path = join(folder, name)
    if (statSync(join(root, path)).isDirectory()) yield* files(path)
    else yield path
  }
}

const sources = [...files('packages')].filter((path) => /\.tsx?$/.test(path))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** Whom a package may import of ours; nothing else of ours, and nothing relative outside itself. */
const mayImport: Record<string, readonly string[]> = {
  page: [],
  server: ['@kept/page', '@kept/ledger', '@kept/policy', '@kept/guard', '@kept/postgres'],
  ledger: [],
  postgres: [],
  // `kept up`, `serve`, `work` and `migrate` hand over to the server, which is loaded only then.
  cli: ['@kept/page', '@kept/ledger', '@kept/server'],
}

/** Packages that run in a browser too. */
const pure = new Set(['page', 'ledger'])

function importsOf(path: string): string[] {
  return [...read(path).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!)
}

/** Why an import breaks the order of the house, or null. */
function objection(path: string, target: string): string | null {
  const name = path.split('/')[1]!
  const isTest = /\.test\.ts$|\/(?:test|bench)\//.test(path)
  // A package's own tests and benches use it as others do: by its name.
  const wanted = target.split('/').slice(0, 2).join('/')
  const isOwn = isTest && wanted === `@kept/${name}`
  if (target.startsWith('@kept/') && !isOwn && !mayImport[name]?.includes(wanted))
    return `${name} may not import ${target}`
  const at = relative(join('packages', name), join(path, '..', target))
  if (target.startsWith('.') && at.startsWith('..') && !isTest)
    return `${target} reaches out of its package`
  return pure.has(name) && target.startsWith('node:') && !isTest
    ? `${name} is pure: it may not import ${target}`
    : null
}

describe('who may import whom', () => {
  it.each(sources)('%s', (path) => {
    const objections = importsOf(path).map((target) => objection(path, target))
    expect(objections.filter((one) => one !== null)).toEqual([])
  })

  it('is said for every package', () => {
    expect(readdirSync(join(root, 'packages')).sort()).toEqual(Object.keys(mayImport).sort())
  })
})

describe('the house', () => {
  const inPage = sources.filter(
    (path) => path.startsWith('packages/page/src') && !path.endsWith('.test.ts'),
  )

  it('has no drawer for odds and ends', () => {
    const drawers = [...files('packages'), ...files('scripts')].filter((path) =>
      /(?:^|\/)(?:utils?|helpers?|shared|common|misc)(?:\/|\.ts$)/.test(path),
    )
    expect(drawers, 'name a file after what is in it').toEqual([])
  })

  it.each(inPage)('%s takes its time from its caller', (path) => {
    expect(
      read(path),
      'a judge or reader that asks the clock cannot be tested or verified',
    ).not.toMatch(/Date\.now\(|new Date\(\)|performance\.now|Math\.random/)
  })

  it.each(inPage.filter((path) => /\/(?:lints|draft)\//.test(path)))(
    '%s names none of the three companies',
    (path) => {
      for (const { name } of Object.values(companies)) {
        // "Clear" alone is a word; as a company it is named with its domain.
        const pattern = name === 'Clear' ? /\bclear(?:tax)\b|at Clear\b/i : new RegExp(name, 'i')
        expect(read(path), 'rules are general').not.toMatch(pattern)
      }
    },
  )

  it.each(Object.keys(mayImport))('packages/%s has a README and says what it is', (name) => {
    expect(read(`packages/${name}/README.md`).length).toBeGreaterThan(200)
    expect(JSON.parse(read(`packages/${name}/package.json`)).description).toBeTruthy()
  })

  it('locks no address of a registry', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/)
  })
})

describe('every proof', () => {
  it('has an id of its own', () => {
    expect(new Set(proofs.map((proof) => proof.id)).size).toBe(proofs.length)
  })

  it.each(proofs.map((proof) => [proof.id, proof] as const))(
    '%s has an example that compiles and means it',
    (id, proof) => {
      const page = compile(proof.example, { format: 'markdown', now })
      expect(page.findings.filter((finding) => finding.level === 'error')).toEqual([])
      expect(page.claims.map((claim) => claim.obligations.map((one) => one.proof.id))).toEqual([
        [id],
      ])
      expect(findProof(id)).toBe(proof)
    },
  )

  it.each(proofs.map((proof) => [proof.id, proof] as const))(
    '%s reads kinds of the family of their subject',
    (_, proof) => {
      for (const need of proof.needs) {
        expect(need.kind).toMatch(/^[a-z]+\.[a-z0-9-]+$/)
        const family = need.kind.split('.')[0]!
        const families: readonly string[] = [...need.of, 'resource', 'storage']
        expect(families, `${need.kind} speaks of ${need.of.join(', ')}`).toContain(family)
      }
    },
  )
})
