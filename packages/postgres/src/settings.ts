import { chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Account } from './account.ts'
import { PostgresFailure } from './failure.ts'
import type { Layout } from './layout.ts'

/** Settings of postgresql.conf by name. Text is quoted here; sizes and times take units: `64MB`. */
export type Settings = Readonly<Record<string, string | number | boolean>>

/** For a small machine: a whole cluster at rest takes about 60 MB. */
const defaults: Settings = {
  max_connections: 60,
  shared_buffers: '64MB',
  effective_cache_size: '512MB',
  maintenance_work_mem: '32MB',
  max_wal_size: '512MB',
  jit: false,
  fsync: true,
  log_timezone: 'UTC',
  timezone: 'UTC',
  log_line_prefix: '%m [%p] %q%u@%d ',
  // A statement and a row's values may hold secrets; the client is told both, the log is not.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: 0,
}

/** What the rest of this package rests on, so nobody may set it. */
function fixed(layout: Layout, tls: boolean): Settings {
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: layout.sockets,
    unix_socket_permissions: '0700',
    hba_file: layout.access,
    password_encryption: 'scram-sha-256',
    // Otherwise ALTER SYSTEM could undo any of this.
    allow_alter_system: false,
    logging_collector: false,
    log_destination: 'stderr',
    ssl: tls,
    ...(tls && {
      ssl_cert_file: `${layout.certificates}/server.pem`,
      ssl_key_file: `${layout.certificates}/server.key`,
      ssl_min_protocol_version: 'TLSv1.2',
      ssl_ciphers: 'ECDHE+AESGCM:ECDHE+CHACHA20',
    }),
  }
}

const elsewhere = new Set([
  'port',
  'data_directory',
  'config_file',
  'ident_file',
  'include',
  'include_dir',
  'include_if_exists',
])

/** The text of postgresql.conf; `version` is that of the programs it is for. */
export function renderSettings(
  layout: Layout,
  version: string,
  tls: boolean,
  given: Settings,
): string {
  const ours = fixed(layout, tls)
  for (const [name, value] of Object.entries(given)) checkSetting(name, value, ours)
  const lines = Object.entries({ ...defaults, ...given, ...ours }).map(
    ([name, value]) => `${name} = ${quote(value)}`,
  )
  return `# Written at every start for the programs of ${version}; edit the code that starts it.\n${lines.join('\n')}\n`
}

function checkSetting(name: string, value: unknown, ours: Settings): void {
  const refuse = (reason: string, fix: string) =>
    new PostgresFailure('bad-setting', `settings.${name}`, reason, fix)
  if (!/^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?$/.test(name)) {
    throw refuse(
      'this is no name of a setting',
      'write it in lower case: work_mem, auto_explain.log_format',
    )
  }
  const kept = Object.hasOwn(ours, name) || elsewhere.has(name) || name.startsWith('ssl')
  if (kept) throw refuse('the cluster sets this itself', 'leave it out')
  if (!['string', 'number', 'boolean'].includes(typeof value) || /[\0\r\n]/.test(String(value))) {
    throw refuse('its value is no single line, number or boolean', 'write one of these')
  }
}

/** Quoted as postgresql.conf reads it: a backslash escapes there too (guc-file.l). */
function quote(value: string | number | boolean): string {
  return `'${String(value).replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

/**
 * Who may connect how. Whatever no line names is refused. The superuser has no address on the network,
 * so its password is of use only to who may enter the folder of the socket.
 */
export function renderAccess(superuser: string, tls: boolean): string {
  return `# type    database  user  address        method
local     all       all                  scram-sha-256
host      all       ${superuser}  127.0.0.1/32  reject
${tls ? 'hostssl' : 'host   '}   all       all   127.0.0.1/32   scram-sha-256
`
}

/** The texts of both configuration files. */
export interface Configuration {
  settings: string
  access: string
}

/** Whether the server that runs was started with this very configuration. */
export function isConfigured(layout: Layout, { settings, access }: Configuration): boolean {
  return holds(layout.settings, settings) && holds(layout.access, access)
}

function holds(file: string, text: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8') === text
}

export function configure(
  layout: Layout,
  { settings, access }: Configuration,
  account: Account,
): void {
  writeForServer(layout.settings, settings, account)
  writeForServer(layout.access, access, account)
}

/** Read by the server's account, and written only by us. */
function writeForServer(file: string, text: string, account: Account): void {
  writeFileSync(file, text, { mode: 0o640 })
  if ('uid' in account) chownSync(file, process.geteuid!(), account.gid)
}
