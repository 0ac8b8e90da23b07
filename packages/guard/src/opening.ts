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
  /** The database's clock when it was looked at, milliseconds since 1970. */
  clock: number
  /** When that was, in milliseconds of a clock that nobody sets. */
  lookedAt: number
  /** What its search path is when nothing has changed it. */
  searchPath: string
  /** What a prepared statement is called: behind a prefix made by chance, for this connection alone. */
  hide: (name: string) => string
  /** Gives a name up: what it stands for on this connection is outdated. */
  retire: (name: string) => void
  /** Whether SQL of the app can read those names. */
  readsNames: boolean
  /** Whether the app's role may take on another. */
  mayChangeRole: boolean
}

export interface Bounds {
  /** Microseconds since 1970, after which no transaction may begin with what is said. */
  until: number
  readOnly: boolean
}

/** What is said at the beginning of each transaction of a scope. */
export interface Opening {
  /** What SQL left on the connection is set back by these; nothing in them depends on the tenant. */
  pins(backend: Backend): readonly Step[]
  tenant(backend: Backend, tenant: string, bounds: Bounds): readonly Step[]
}

/**
 * RESET ALL sets every setting to what the connection began with, search_path, row_security and settings of
 * the app's own too, but not the role.
 */
export const reset: Step = { text: 'reset all', name: 'kept_reset', tag: 'RESET' }
/** What a cursor WITH HOLD holds outlives its scope. */
const closeCursors: Step = { text: 'close all', name: 'kept_close', tag: 'CLOSE' }
const ownRole: Step = { text: 'set local role none', name: 'kept_role', tag: 'SET' }

export function planOpening(scope: ScopeOptions, { named }: { named: boolean }): Opening {
  return scope.mode === 'sealed' ? planSealed(scope.key, named) : planPlain(scope.setting, named)
}

/** The same steps each time, for who may take on another role and for who may not. */
function planPins(steps: readonly Step[], named: boolean): (backend: Backend) => readonly Step[] {
  const known = (step: Step): Step => (named ? step : withoutName(step))
  const fixed = steps.map(known)
  const withRole = [...fixed, known(ownRole)]
  return ({ mayChangeRole }) => (mayChangeRole ? withRole : fixed)
}

/** One setting moves a plain scope in any case, so that RESET ALL would keep nothing out of it. */
function planPlain(setting: string | undefined, named: boolean): Opening {
  const name = checkSetting(setting ?? 'app.tenant_id')
  const known = (step: Step): Step => (named ? step : withoutName(step))
  const [writes, reads] = [known(plain), known(plainReading)]
  return {
    pins: planPins([], named),
    tenant: ({ searchPath }, tenant, { readOnly }) => [
      { ...(readOnly ? reads : writes), values: [name, tenant, searchPath] },
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

const telling = `select pg_catalog.set_config('kept.token', $1, true)`
const tell = { text: telling, name: 'kept_token' }
/**
 * The transaction began by the defaults that a scope before left: where its isolation is another, this fails
 * and the connection is closed.
 */
const tellReading = {
  text: `${telling}, pg_catalog.set_config('transaction_read_only', 'on', true),
    pg_catalog.set_config('transaction_isolation', 'read committed', true)`,
  name: 'kept_token_read',
}

/**
 * The token is a parameter: every session of the same role can read the text of what another runs. Where SQL
 * can read names, it is parsed anew each time, or an injected PREPARE could take its place and be handed tokens.
 */
function planSealed(key: Key, named: boolean): Opening {
  const pads = padKey(key)
  const bare = { read: withoutName(tellReading), write: withoutName(tell) }
  const called = { read: tellReading, write: tell }
  return {
    pins: planPins([reset, closeCursors], named),
    tenant: ({ pid, readsNames }, tenant, { until, readOnly }) => {
      const step = (named && !readsNames ? called : bare)[readOnly ? 'read' : 'write']
      return [{ ...step, values: [seal(pads, { tenant, pid, until })] }]
    },
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
