import type { Policies } from '@kept/policy'
import { readAddress } from '../address.ts'
import { GuardFailure } from '../failure.ts'
import { readBundle, readKey, type Contents, type Grant } from './read.ts'
import { pullText } from './pull.ts'

/** What of policies the guard asks. */
type Decides = Pick<Policies, 'decide'>

export interface BundleOptions {
  /** Of the Kept that makes the bundles: `https://kept.example.com`. */
  url: string
  /** Signs a request as the app's workload runner: `(request) => signRequest(request, signer)` of @kept/client. */
  sign: (request: Request) => Request | Promise<Request>
  /** The public key by which Kept signs bundles: Ed25519, in PEM or base64. */
  key: string
  /** Milliseconds between two pulls; 30 seconds when absent. */
  every?: number
  /** What decides until a bundle brought policies: those that the app was delivered with. */
  policies?: Decides
  /** Milliseconds since 1970. */
  now?: () => number
  /** Told of each pull that failed; the next is tried by itself. */
  onProblem?: (failure: GuardFailure) => void
}

/** What the guard asks before staff look at a tenant's data. */
export interface Grants {
  /**
   * The live grant by which this member of staff may look at that tenant.
   * @throws GuardFailure `bundle-away` when no bundle is valid any more, `no-grant` when there is none
   */
  grantOf(staff: string, tenant: string): Grant
}

/** What the app knows of Kept: policies and grants, as last pulled. */
export interface Bundle extends Grants {
  /** Decide by the last policies, however old: tenants' own requests go on while Kept is away. */
  readonly policies: Decides
  /** Pulls at once, whatever the pace; fails as the pull does. */
  pull(): Promise<void>
  close(): void
}

/**
 * Pulls bundles from Kept and keeps the last good one, in memory. No request waits for it. A grant that
 * was ended is honoured until the next pull, and with Kept away until the bundle is no longer valid, 15
 * minutes after it was made at most.
 * @throws GuardFailure `bad-option`
 */
export function openBundle(options: BundleOptions): Bundle {
  const { every = 30_000, onProblem = () => {} } = options
  const now = onwards(options.now ?? Date.now)
  const url = new URL('/api/bundle', readAddress(options.url, 'openBundle: the address of Kept'))
  const key = readKey(options.key)
  const closed = new AbortController()
  let held: Contents | null = null
  let policies = options.policies ?? null
  let failures = 0
  let timer: NodeJS.Timeout | undefined

  async function pull() {
    const text = await pullText(() => options.sign(new Request(url)), closed.signal)
    const read = readBundle(text, key, now())
    const changed = !equal(read.policies, held?.policies)
    // Read before anything is kept: a bundle is taken whole or not at all.
    const theirs = changed && read.policies ? await readTheirs(read.policies) : null
    if (held && read.issuedAt < held.issuedAt) throw olderThanHeld()
    if (theirs) policies = theirs
    held = read
  }

  async function beat() {
    try {
      await pull()
      failures = 0
    } catch (error) {
      failures += 1
      if (!closed.signal.aborted) onProblem(error as GuardFailure)
    }
    if (closed.signal.aborted) return
    timer = setTimeout(() => void beat(), pause(every, failures, Math.random())).unref()
  }

  void beat()
  return {
    policies: decideBy(() => policies),
    grantOf(staff, tenant) {
      const at = now()
      if (!held || held.validUntil <= at) throw away()
      const grant = held.grants.find(
        (one) => one.staff === staff && one.tenant === tenant && isLive(one, at),
      )
      if (!grant) throw noGrant(staff, tenant)
      return grant
    },
    pull,
    close() {
      closed.abort()
      clearTimeout(timer)
    },
  }
}

/**
 * Milliseconds until the next pull. Failures double it from a second up to the usual pace, so that a
 * bundle is valid again soon; `random` from 0 to 1 spreads the processes of an app over a fifth of it.
 */
export function pause(every: number, failures: number, random: number): number {
  const wanted = failures === 0 ? every : Math.min(every, 1000 * 2 ** Math.min(failures - 1, 20))
  return wanted * (0.9 + 0.2 * random)
}

/** A clock that is set back would make what has ended begin again: then time stands still until it is caught up. */
function onwards(now: () => number): () => number {
  let latest = -Infinity
  return () => (latest = Math.max(latest, now()))
}

function isLive({ from, until }: Grant, at: number): boolean {
  return from <= at && at < until
}

function equal(one: Contents['policies'], other: Contents['policies'] | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** The engine is loaded only where policies come by bundle. */
async function readTheirs(texts: NonNullable<Contents['policies']>): Promise<Decides> {
  const { readPolicies } = await import('@kept/policy')
  try {
    return readPolicies(texts)
  } catch (error) {
    const fix = 'push policies that `kept policy check` takes; until then the last bundle holds'
    throw new GuardFailure('bad-bundle', 'the policies in the bundle cannot be read', fix, error)
  }
}

function decideBy(policies: () => Decides | null): Decides {
  return {
    decide(ask) {
      const current = policies()
      if (current) return current.decide(ask)
      const fix = 'see that Kept can be reached, or give openBundle the policies to begin with'
      throw new GuardFailure('not-decidable', 'no policies have come from Kept yet', fix)
    },
  }
}

function olderThanHeld(): GuardFailure {
  const fix = 'see who answers at the address of Kept'
  return new GuardFailure('bad-bundle', 'the bundle is older than the one held here', fix)
}

function away(): GuardFailure {
  const fix = 'see that Kept can be reached; tenants’ own requests go on meanwhile'
  return new GuardFailure('bundle-away', 'no bundle of Kept is valid now, so no grant is', fix)
}

function noGrant(staff: string, tenant: string): GuardFailure {
  const fix = 'ask the tenant for one: kept access request'
  return new GuardFailure('no-grant', `staff ${staff} has no live grant for tenant ${tenant}`, fix)
}
