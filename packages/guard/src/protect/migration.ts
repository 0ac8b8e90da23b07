import type { Protection } from './protect.ts'
import { lockTimeout } from './sql.ts'
import { sayTenant } from './tenant.ts'
import type { Finding, Step } from './work.ts'

/** The migration as a file to be read, changed and run by psql, in order and again after a stop. */
export function* migration({
  catalog,
  tenant,
  plan,
  decisions,
  steps,
  findings,
}: Protection): Generator<string> {
  const open = findings.filter(({ level }) => level === 'error')
  const everybodys = decisions.filter(
    ({ kind, table }) => kind === 'shared' && table.parents.length === 0,
  )
  yield comment(
    `Separates the tenants of ${catalog.database}: one is a row of ${sayTenant(tenant)}.`,
  )
  yield comment(
    `Scope: ${plan.scope === 'sealed' ? 'kept.scope, sealed' : `the setting ${plan.setting}`}. Roles of the app: ${plan.appRoles.join(', ') || 'none found'}.`,
  )
  yield comment(
    'Each statement commits by itself; run it outside a transaction, as in psql -f. After a stop, make it anew: it holds what is left.',
  )
  yield comment('Nothing in it deletes rows.')
  if (everybodys.length > 0) {
    yield '\n'
    yield comment('These get no policy: every tenant reads them.')
    for (const { table, asked } of everybodys)
      yield comment(`  ${table.id}${asked ? ', which nobody has confirmed' : ''}`)
  }
  if (open.length > 0) {
    yield '\n'
    yield comment('This needs a person, and no statement below mends it:')
    for (const one of open) yield comment(`  ${sayFinding(one)}`)
  }
  if (steps.length === 0) {
    yield `\n${comment('Nothing is left to do.')}`
    return
  }
  yield `\nset lock_timeout = '${lockTimeout}';\n`
  yield comment('What a policy would hide from this role is an error and is not left out.')
  yield 'set row_security = off;\n'
  for (const step of steps) yield* sayStep(step)
}

function* sayStep({ at, why, sql }: Step): Generator<string> {
  yield `\n${comment(`${at}: ${why}.`)}`
  for (const statement of sql) yield `${statement}\n`
}

function sayFinding({ at, why, fix }: Finding): string {
  return `${at}: ${why}; ${fix}`
}

/** In one line: a name with a line break in it would end the comment and begin a statement. */
function comment(text: string): string {
  return `-- ${text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')}\n`
}
