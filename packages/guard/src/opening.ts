import type { Step } from './batch.ts'
import { GuardFailure } from './failure.ts'
import { padKey, seal, type Key } from './seal.ts'

/** How the tenant is told to the database. */
export type ScopeOptions =
  | { mode: 'plain'; /** `app.tenant_id` when absent. */ setting?: string }
  | { mode: 'sealed'; key: Key }

/** What is known of the connection that a scope opens on. */
export interface Backend {
  pid: number
  /** Milliseconds by which the database's clock was ahead of ours when it was looked at. */
  ahead: number
  /** What its search path is when nothing has changed it. */
  searchPath: string
  /** Before every name of a prepared statement: made by chance, for this connection alone. */
  prefix: string
  /** Whether SQL of the app can read those names. */
  readsNames: boolean
  /** Whether the app's role may take on another. */
  mayChangeRole: boolean
}

export interface Bounds {
  /** Microseconds since 1970, after which no transaction may begin with what is said. */
  until: bigint
  readOnly: boolean
}

/** What is said at the beginning of each transaction of a scope. */
export interface Opening {
  /** What SQL left on the connection is set back by these; nothing in them depends on the tenant. */
  pins(backend: Backend, readOnly: boolean): Step[]
  tenant(backend: Backend, tenant: string, bounds: Bounds): Step[]
}

/**
 * RESET ALL sets every setting to what the connection began with, search_path, row_security and settings of
 * the app's own too, but not the role.
 */
const reset: Step = { text: 'reset all', name: 'kept_reset', tag: 'RESET' }
/** What a cursor WITH HOLD holds outlives its scope. */
const closeCursors: Step = { text: 'close all', name: 'kept_close', tag: 'CLOSE' }
/** Before anything takes a snapshot: the transaction began by the defaults that a scope before left. */
const reading: Step = {
  text: 'set transaction isolation level read committed, read only',
  name: 'kept_read',
  tag: 'SET',
}
const ownRole: Step = { text: 'set local role none', name: 'kept_role', tag: 'SET' }

const setRoleBack = ({ mayChangeRole }: Backend) => (mayChangeRole ? [ownRole] : [])

export function planOpening(scope: ScopeOptions, { named }: { named: boolean }): Opening {
  const known = (step: Step): Step => (named ? step : withoutName(step))
  if (scope.mode === 'sealed') {
    const pins = (backend: Backend, readOnly: boolean) =>
      [reset, ...(readOnly ? [reading] : []), closeCursors, ...setRoleBack(backend)].map(known)
    return { pins, tenant: sealed(scope.key, named) }
  }
  const setting = checkSetting(scope.setting ?? 'app.tenant_id')
  return {
    // One setting moves a plain scope in any case, so that RESET ALL would keep nothing out of it.
    pins: (backend) => setRoleBack(backend).map(known),
    tenant: ({ searchPath }, tenant, { readOnly }) => [
      known({ ...(readOnly ? plainReading : plain), values: [setting, tenant, searchPath] }),
    ],
  }
}

function withoutName({ text, values = [], tag }: Step): Step {
  return { text, values, ...(tag !== undefined && { tag }) }
}

const settings = `select pg_catalog.set_config($1, $2, true), pg_catalog.set_config('search_path', $3, true)`
/** SQL injected into a plain scope can move it anyway, so that these may have names. */
const plain = { name: 'kept_plain', text: settings }
const plainReading = {
  name: 'kept_plain_read',
  text: `${settings}, pg_catalog.set_config('transaction_read_only', 'on', true)`,
}

const tell = { text: `select pg_catalog.set_config('kept.token', $1, true)`, name: 'kept_token' }

/**
 * The token is a parameter: every session of the same role can read the text of what another runs. Where SQL
 * can read names, it is parsed anew each time, or an injected PREPARE could take its place and be handed tokens.
 */
function sealed(key: Key, named: boolean): Opening['tenant'] {
  const pads = padKey(key)
  return ({ pid, readsNames }, tenant, { until }) => {
    const step = { ...tell, values: [seal(pads, { tenant, pid, until })] }
    return [named && !readsNames ? step : withoutName(step)]
  }
}

function checkSetting(setting: string): string {
  if (/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/i.test(setting)) return setting
  throw new GuardFailure(
    'bad-option',
    `"${setting.slice(0, 80)}" is no name of a setting of an app's own`,
    'give it two parts: app.tenant_id',
  )
}
