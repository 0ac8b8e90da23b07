import { expect, it } from 'vitest'
import { compile } from '../compile.ts'
import type { Evidence } from '../evidence.ts'
import type { Register } from '../register.ts'
import { judgePage } from './page.ts'

const now = Date.UTC(2026, 10, 20, 12)
const register: Register = {
  subjects: [
    { id: 'db', type: 'database', provider: null, environment: null, regions: [], tags: [] },
  ],
  runners: [{ id: 'r', holder: 'collector', name: null, kinds: ['*'], subjects: ['*'] }],
}
const backup: Evidence = {
  id: 'e1', kind: 'database.backup', subject: 'db', outcome: 'pass', observedAt: now - 60_000,
  receivedAt: now - 60_000, runner: 'r', measured: { readBack: true, bytes: 1 },
} // prettier-ignore

function verdictOf(text: string): string {
  const page = compile(text, { format: 'markdown', now })
  return judgePage(page, register, [backup], now).claims[0]!.verdict.verdict
}

it.each([
  ['kept:backup?every=24h', 'kept'],
  ['kept:backup?every=24hours', 'unbacked'],
  ['kept:backup?evry=24h', 'unbacked'],
  ['kept:backup;bakcup', 'unbacked'],
  ['kept:bakcup', 'unbacked'],
])('%s is %s: an address with an error is not judged by what is left of it', (address, verdict) => {
  expect(verdictOf(`[Backed up](${address})`)).toBe(verdict)
})

it('one claim of several proofs has the verdict of the worst', () => {
  expect(verdictOf('[Backed up](kept:backup?every=24h;failover)')).toBe('unproven')
})
