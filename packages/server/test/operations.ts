import { join } from 'node:path'
import type { Capability } from '../src/foundation/capability.ts'

const actions = [
  'tests.beat',
  'tests.broken',
  'tests.count',
  'tests.document',
  'tests.echo',
  'tests.enqueue',
  'tests.load',
  'tests.mail',
  'tests.private',
  'tests.run',
  'tests.write',
  'things.do',
  'things.write',
] as const

/** What tests do through the gate, beside the operations of the house. */
export const tests: Capability = {
  name: 'tests',
  operations: actions.map((action) => ({ action })),
  policy: join(import.meta.dirname, 'policy.cedar'),
  holdings: [],
}
