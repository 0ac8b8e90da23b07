import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { compile, findProof, proofs } from '@kept/page'
import { companies } from '../examples/promises.ts'
import { describe, expect, it } from 'vitest'
import { compose } from '../packages/server/src/platform.ts'
import { testBundles, testLog } from '../packages/server/test/log.ts'

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
  client: [],
  console: ['@kept/client', '@kept/page', '@kept/ledger'],
  // `kept up`, `serve`, `work` and `migrate` hand over to the server, which is loaded only then.
  // `kept policy` and `kept protect` load these only when asked.
  cli: [
    '@kept/page',
    '@kept/ledger',
    '@kept/client',
    '@kept/server',
    '@kept/policy',
    '@kept/guard',
  ],
  policy: [],
  guard: ['@kept/policy'],
}

/** Packages that run in a browser too. */
const pure = new Set(['page', 'ledger', 'client', 'console'])

function importsOf(path: string): string[] {
  return [...read(path).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!)
}

/** Why an import breaks the order of the house, or null. */
function objection(path: string, target: string): string | null {
  const name = path.split('/')[1]!
  const isTest = /\.test\.ts$|\/(?:test|bench)\//.test(path)
  // A package's own tests and benches use it as others do: by its name.
  const wanted = target.split('/').slice(0, 2).join('/')
  // The cluster that all tests share is everybody's.
  const isOwn = isTest && (wanted === `@kept/${name}` || wanted === '@kept/postgres')
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

  it('lets one file know the engine of policies, which is to be replaced', () => {
    const knowing = sources.filter((path) =>
      importsOf(path).some((target) => target.startsWith('@cedar-policy/')),
    )
    expect(knowing).toEqual(['packages/policy/src/cedar.ts'])
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

describe('the server', () => {
  const folder = 'packages/server/src'
  const inServer = sources.filter(
    (path) => path.startsWith(`${folder}/`) && !path.endsWith('.test.ts'),
  )
  const { capabilities, authorization } = compose({
    log: testLog,
    witnesses: [],
    bundles: testBundles,
    identityKey: new Uint8Array(32),
    origin: 'https://kept.test',
    mails: true,
  })
  const order = capabilities.map(({ name }) => name)
  const targetsOf = (path: string) =>
    importsOf(path)
      .filter((target) => target.startsWith('.'))
      .map((target) => relative(folder, join(path, '..', target)))

  /** Where a file of the server may reach inside it, by its own place. */
  function mayReach(path: string, target: string): boolean {
    const [room, name] = relative(folder, path).split('/')
    const [to, other] = target.split('/')
    if (to === room && room !== 'capabilities') return true
    switch (room) {
      case 'foundation':
        return false
      case 'outside':
        return to === 'foundation'
      case 'gate.ts':
        return to === 'foundation'
      case 'capabilities':
        if (to === 'capabilities') return order.indexOf(other!) <= order.indexOf(name!)
        return ['foundation', 'outside', 'gate.ts'].includes(to!)
      default:
        return true
    }
  }

  it.each(inServer)('%s imports what stands above it', (path) => {
    const wrong = targetsOf(path).filter((target) => !mayReach(path, target))
    expect(
      wrong,
      'foundation imports no capability, a capability only those above it in platform.ts, the gate none',
    ).toEqual([])
  })

  it('has these rules, which can fail', () => {
    const at = (path: string) => `${folder}/${path}`
    expect(mayReach(at('foundation/jobs.ts'), 'capabilities/ledger/append.ts')).toBe(false)
    expect(mayReach(at('gate.ts'), 'capabilities/ledger/append.ts')).toBe(false)
    expect(mayReach(at('capabilities/ledger/append.ts'), 'capabilities/claims/read.ts')).toBe(false)
    expect(mayReach(at('capabilities/claims/read.ts'), 'capabilities/ledger/append.ts')).toBe(true)
    expect(mayReach(at('capabilities/claims/read.ts'), 'http.ts')).toBe(false)
  })

  it('has a folder for each capability, and lists each', () => {
    expect(order.toSorted()).toEqual(readdirSync(join(root, folder, 'capabilities')).sort())
  })

  it.each(order)(
    '%s says in its README what it promises and what an attacker would gain',
    (name) => {
      const readme = read(`${folder}/capabilities/${name}/README.md`)
      expect(readme.length).toBeGreaterThan(300)
      expect(readme.split('\n').length).toBeLessThanOrEqual(25)
      expect(readme).toMatch(/attacker/i)
    },
  )

  it.each(order)('%s declares what it holds of persons and tenants', (name) => {
    expect(read(`${folder}/capabilities/${name}/holdings.ts`)).toContain('holdings')
    const { holdings } = capabilities.find((one) => one.name === name)!
    expect(holdings.filter(({ table }) => !table.startsWith(`${name}.`))).toEqual([])
  })

  it.each(inServer.filter((path) => !/\/(?:gate|foundation\/transaction)\.ts$/.test(path)))(
    '%s opens no transaction: only the gate does',
    (path) => {
      expect(read(path)).not.toMatch(/\btransact\(/)
    },
  )

  it.each(inServer.filter((path) => !path.endsWith('/foundation/time.ts')))(
    '%s takes its time from its caller',
    (path) => {
      expect(read(path), 'time is injected, so that tests can move it').not.toMatch(
        /Date\.now\(|new Date\(\)/,
      )
    },
  )

  /** `kept.enqueue` says when work is due, and a migration when it ran; no business rests on either. */
  const clockReaders = new Set([
    `${folder}/foundation/migrations/0001-roles-and-jobs.sql`,
    `${folder}/foundation/migrate.ts`,
  ])
  const statements = [
    ...inServer,
    ...[...files(folder)].filter((path) => path.endsWith('.sql')),
  ].filter((path) => !clockReaders.has(path))
  const clock =
    /(?<![.\w]|get )now\(\)(?!:)|\b(?:current_timestamp|current_date|localtimestamp|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\b/i

  it.each(statements)('%s does not ask the database for the time', (path) => {
    expect(read(path), 'business compares rows with injected time').not.toMatch(clock)
  })

  it('would find it if it did', () => {
    expect('select now()').toMatch(clock)
    expect('default CURRENT_TIMESTAMP').toMatch(clock)
    expect('time.now()').not.toMatch(clock)
  })

  const routes = capabilities.flatMap(({ name, routes = [] }) =>
    routes.map((route) => [`${route.method} ${route.path}`, name, route] as const),
  )

  it.each(routes)('%s has an action of %s', (_, name, { operation }) => {
    expect(operation.action).toMatch(new RegExp(`^${name}\\.[a-z]+(?:-[a-z]+)*$`))
  })

  it('has one operation for each action', () => {
    const actions = new Map<string, unknown>()
    for (const [, , { operation }] of routes) {
      expect(actions.get(operation.action) ?? operation, operation.action).toBe(operation)
      actions.set(operation.action, operation)
    }
  })

  const operations = capabilities.flatMap(({ name, operations = [] }) =>
    operations.map(({ action }) => [action, name] as const),
  )
  const listed = new Set<string>(operations.map(([action]) => action))

  it.each(operations)('%s is permitted to somebody by a policy of %s', (action, name) => {
    expect(authorization.admitted({ action })).not.toEqual([])
    expect(read(`${folder}/capabilities/${name}/policy.cedar`), 'beside its operations').toContain(
      `Action::"${action}"`,
    )
  })

  it('permits nothing that no policy names', () => {
    expect(authorization.admitted({ action: 'ledger.forget' })).toEqual([])
  })

  it('names in its policies only actions that are', () => {
    const named = order
      .map((name) => `${folder}/capabilities/${name}/policy.cedar`)
      .filter((path) => existsSync(join(root, path)))
      .flatMap((path) =>
        [...read(path).matchAll(/Action::"([^"]+)"/g)].map(([, action]) => action!),
      )
    expect(named.length).toBeGreaterThan(30)
    expect(named.filter((action) => !listed.has(action))).toEqual([])
  })

  it('lists every operation with its capability', () => {
    const declared = inServer.flatMap((path) =>
      [...read(path).matchAll(/action: '([a-z-]+\.[a-z-]+)'/g)].map(([, action]) => action!),
    )
    const beaten = capabilities.flatMap(({ beats = [], begin, routes: all = [] }) =>
      [...beats, ...all, ...(begin ? [{ operation: begin }] : [])].map(
        ({ operation }) => operation.action,
      ),
    )
    expect(declared.length).toBeGreaterThan(30)
    expect([...declared, ...beaten].filter((action) => !listed.has(action))).toEqual([])
  })

  /** Writes without an entry of the gate's, and why. */
  const unrecorded: Record<string, string> = {
    'identity.ask-passkey': 'a challenge that nobody has answered yet',
    'identity.show-invitation': 'a look changes nothing; the link stands in the body and no log',
    'identity.check-app-session': 'a look changes nothing; the token stands in the body and no log',
    'claims.compare': 'a look changes nothing; what is applied is recorded then',
    'ledger.check': 'a look changes nothing; what it finds is kept beside the log',
    'publishing.subscribe': 'a stranger could fill the ledger with it',
    'publishing.confirm': 'it appends a commitment itself, which its output does not tell',
    'publishing.end': 'it appends a commitment itself, which its output does not tell',
  }

  it.each(routes.filter(([, , { method }]) => method !== 'GET'))(
    '%s is an entry of the ledger',
    (_, __, { operation }) => {
      expect(operation.entry !== undefined || operation.action in unrecorded).toBe(true)
    },
  )

  it('lists no exception that is none', () => {
    const writes = routes.map(([, , { operation }]) => operation).filter(({ entry }) => !entry)
    const actions = new Set<string>(writes.map(({ action }) => action))
    expect(Object.keys(unrecorded).filter((action) => !actions.has(action))).toEqual([])
  })
})
