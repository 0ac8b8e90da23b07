import { existsSync, readFileSync } from 'node:fs'
import { parseWitnessKey } from '@kept/ledger'
import pg from 'pg'
import { z } from 'zod'
import { Failure } from './foundation/failure.ts'
import type { Roles } from './foundation/migrate.ts'
import type { Outside } from './foundation/outside.ts'
import { keepKey } from './keys.ts'
import { openMail } from './outside/mail.ts'
import { isLoopback } from './outside/reach.ts'

/** What the separate processes of a large installation read from the environment. */
const shape = z.object({
  KEPT_ORIGIN: z.url({ protocol: /^https?$/ }),
  KEPT_DATABASE: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//, 'write it as postgres://user:password@host/name'),
  KEPT_DATABASE_WORKER: z.string().optional(),
  KEPT_DATABASE_OWNER: z.string().optional(),
  KEPT_HOST: z.string().default('127.0.0.1'),
  KEPT_PORT: z.coerce.number().int().min(0).max(65_535).default(4180),
  KEPT_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  KEPT_TLS_CERT: z.string().optional(),
  KEPT_TLS_KEY: z.string().optional(),
  KEPT_PROXIES: z.string().default(''),
  KEPT_LEDGER_KEY: z.string().default('ledger.key'),
  KEPT_BUNDLE_KEY: z.string().default('bundle.key'),
  KEPT_IDENTITY_KEY: z.string().default('identity.key'),
  KEPT_WITNESSES: z.string().default(''),
  KEPT_SMTP: z
    .url({ protocol: /^smtps?$/, error: 'write it as smtps://user:password@host:465' })
    .optional(),
  KEPT_MAIL_FROM: z.string().optional(),
  KEPT_REACH: z.enum(['any', 'loopback']).default('any'),
  KEPT_AUTHORITIES: z.string().optional(),
  KEPT_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  KEPT_DRAIN_SECONDS: z.coerce.number().min(0).max(300).default(5),
})

/** The names of all variables. */
export const variables = Object.keys(shape.shape)

export type Environment = z.output<typeof shape>

/** Reads the environment; what is missing or wrong is named, all of it at once. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const reading = shape.safeParse(env, {
    error: ({ input }) => (input === undefined ? 'is missing' : undefined),
  })
  if (reading.success) {
    for (const name of ['KEPT_DATABASE', 'KEPT_DATABASE_WORKER', 'KEPT_DATABASE_OWNER'] as const)
      checkDatabase(name, reading.data[name])
    return reading.data
  }
  const problems = reading.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Failure('bad-input', problems.join('; '), {
    fix: 'set these in the environment; `kept serve --help` says what each is',
  })
}

/**
 * Passwords and all that Kept knows go to its database: to another machine only under TLS that proves
 * which one answers.
 */
export function checkDatabase(name: string, url: string | undefined): void {
  if (url === undefined) return
  const host = hostOf(name, url)
  if (/^(?:\/|localhost$)/.test(host) || isLoopback(host)) return
  if (/[?&]sslmode=verify-full(?:&|$)/.test(url)) return
  throw new Failure('bad-input', `${name} leads to ${host} without proof that it is the one`, {
    fix: 'add ?sslmode=verify-full to it, and &sslrootcert=FILE where the authority is your own',
  })
}

/** As pg reads it, which opens the files that a URL names; the mode of TLS it would only complain about. */
function hostOf(name: string, url: string): string {
  try {
    const connectionString = url.replace(/([?&])sslmode=[^&]*/g, '$1')
    return new pg.Client({ connectionString }).host
  } catch (error) {
    throw new Failure('bad-input', `${name} cannot be read: ${(error as Error).message}`, {
      fix: 'write it as postgres://user:password@host/name',
    })
  }
}

function user(name: string, url: string | undefined): string {
  if (url !== undefined) return decodeURIComponent(new URL(url).username)
  throw new Failure('bad-input', `${name} is missing`, { fix: `set ${name} to a URL` })
}

/** The names of the roles in the URLs, which the migrations grant rights to. */
export function rolesOf(env: Environment): Roles {
  return {
    owner: user('KEPT_DATABASE_OWNER', env.KEPT_DATABASE_OWNER),
    server: user('KEPT_DATABASE', env.KEPT_DATABASE),
    worker: user('KEPT_DATABASE_WORKER', env.KEPT_DATABASE_WORKER),
  }
}

/** The neighbours, as far as they are configured; `secrets` are read from `KEPT_SECRET_<NAME>`. */
export function openOutside(env: Environment, secrets: NodeJS.ProcessEnv): Outside {
  const from = env.KEPT_MAIL_FROM ?? `kept@${new URL(env.KEPT_ORIGIN).hostname}`
  return {
    reach: env.KEPT_REACH,
    authorities: env.KEPT_AUTHORITIES ? [readFileSync(env.KEPT_AUTHORITIES, 'utf8')] : [],
    secret: (name) => secrets[`KEPT_SECRET_${name}`] ?? null,
    mail: env.KEPT_SMTP ? openMail(env.KEPT_SMTP, from) : null,
  }
}

/** The pair of files TLS needs; one without the other is a mistake. */
export function readTls(env: Environment): { cert: string; key: string } | null {
  const [cert, key] = [env.KEPT_TLS_CERT, env.KEPT_TLS_KEY]
  if (cert === undefined && key === undefined) return null
  if (cert === undefined || key === undefined) {
    throw new Failure('bad-input', 'TLS needs a certificate and its key', {
      fix: 'set both KEPT_TLS_CERT and KEPT_TLS_KEY to files',
    })
  }
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
}

/** `url=key` for each witness, separated by spaces. */
export function readWitnesses(env: Environment): { url: string; key: string }[] {
  return env.KEPT_WITNESSES.split(/\s+/)
    .filter(Boolean)
    .map((one) => {
      const at = one.indexOf('=')
      const [url, key] = [one.slice(0, Math.max(at, 0)), one.slice(at + 1)]
      if (/^https?:$/.test(URL.parse(url)?.protocol ?? '') && isWitnessKey(key)) return { url, key }
      throw new Failure('bad-input', `KEPT_WITNESSES: "${one}" is no witness`, {
        fix: 'write each as url=key, with the C2SP verifier key that the witness publishes',
      })
    })
}

function isWitnessKey(key: string): boolean {
  try {
    parseWitnessKey(key)
    return true
  } catch {
    return false
  }
}

/**
 * The keys that sign the ledger and the bundles of apps, which every process has. None is made here: one
 * that signed with a key of its own would make a ledger, or bundles, that nobody can verify.
 */
export function readKeys(
  env: Environment,
): Record<'ledgerKey' | 'bundleKey' | 'identityKey', string> {
  return {
    ledgerKey: readKey('the ledger', 'KEPT_LEDGER_KEY', env),
    bundleKey: readKey('bundles', 'KEPT_BUNDLE_KEY', env),
    identityKey: readKey('identity', 'KEPT_IDENTITY_KEY', env),
  }
}

function readKey(
  what: string,
  name: 'KEPT_LEDGER_KEY' | 'KEPT_BUNDLE_KEY' | 'KEPT_IDENTITY_KEY',
  env: Environment,
): string {
  if (existsSync(env[name])) return keepKey(env[name])
  throw new Failure('bad-input', `there is no key of ${what} in ${env[name]}`, {
    fix: `kept migrate makes one; name it to every process by ${name}`,
  })
}
