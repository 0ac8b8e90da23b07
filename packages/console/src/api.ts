import { ClientFailure, openClient, type Answer, type Path } from '@kept/client'
import { QueryClient, useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query'

/** The session travels in a cookie that no script can read. */
export const kept = openClient(location.origin)

export type Session = Answer<'/api/session', 'get'>
export type Claim = Answer<'/api/claims', 'get'>['claims'][number]
export type ClaimDetail = Answer<'/api/claims/{id}', 'get'>
export type Clock = Answer<'/api/clocks', 'get'>['clocks'][number]
export type Subject = Answer<'/api/subjects', 'get'>['subjects'][number]
export type Evidence = Subject['evidence'][number]
export type Proposal = Answer<'/api/proposals', 'get'>['proposals'][number]
export type Person = Answer<'/api/people', 'get'>['people'][number]
export type Grant = Answer<'/api/grants', 'get'>['grants'][number]
export type Reads = Answer<'/api/reads', 'get'>
export type Read = Reads['records'][number]
export type Look = Answer<'/api/looks', 'get'>['looks'][number]
export type Cluster = Answer<'/api/clusters', 'get'>['clusters'][number]
export type Move = Answer<'/api/moves', 'get'>['moves'][number]
export type Settings = Answer<'/api/settings', 'get'>

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (count, error) => isPassing(error) && count < 3,
    },
    mutations: { retry: false },
  },
})

/** Whether asking again may help. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof ClientFailure)) return false
  return error.code === 'unreachable' || (error.status ?? 0) >= 500
}

export function codeOf(error: unknown): string | null {
  return error instanceof ClientFailure ? error.code : null
}

/** Who is signed in; null for nobody. */
export function useSession() {
  return useQuery({ queryKey: ['session'], queryFn: readSession, staleTime: 30_000 })
}

async function readSession(): Promise<Session | null> {
  try {
    return await kept.get('/api/session')
  } catch (error) {
    if (codeOf(error) === 'not-signed-in') return null
    throw error
  }
}

/** Everything that was read belongs to who was signed in. */
export async function renewSession(): Promise<void> {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
  await queries.invalidateQueries({ queryKey: ['session'] })
}

/** Where the provider that began the last session can be told that it is over; null when there is nothing to tell. */
export let providerToLeave: string | null = null

export async function signOut(): Promise<void> {
  providerToLeave = null
  try {
    providerToLeave = (await kept.post('/api/sign-out', {})).provider
  } catch (error) {
    if (codeOf(error) !== 'not-signed-in') throw error
  }
  await renewSession()
}

type Getting<P extends Path<'get'>> = Parameters<typeof kept.get<P>>[1]

/** Reads an address, if it is wanted, and keeps it fresh while it is looked at; `every` in seconds. */
export function useRead<P extends Path<'get'>>(
  path: P,
  init?: Getting<P>,
  every?: number,
  isWanted = true,
): UseQueryResult<Answer<P, 'get'>> {
  return useQuery({
    queryKey: [path, init ?? null],
    enabled: isWanted,
    queryFn: async () => {
      try {
        return await (kept.get as (path: P, init?: unknown) => Promise<Answer<P, 'get'>>)(
          path,
          init,
        )
      } catch (error) {
        // The session ended meanwhile: the door shows itself.
        if (codeOf(error) === 'not-signed-in') void queries.invalidateQueries({ queryKey: ['session'] }) // prettier-ignore
        throw error
      }
    },
    ...(every === undefined ? {} : { refetchInterval: every * 1000 }),
  })
}

/** Set by the dialog that asks for a code: resolves once a factor was proved, or false when it was closed. */
let prove: (() => Promise<boolean>) | null = null

export function onProveAgain(ask: (() => Promise<boolean>) | null): void {
  prove = ask
}

/** Does something that may need a factor proved just now: then it is asked for, and the request repeated. */
export async function stepUp<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (codeOf(error) !== 'prove-again' || !prove || !(await prove())) throw error
    return await work()
  }
}

/** A change: what it changes is read again after it. */
export function useChange<In, Out>(
  work: (input: In) => Promise<Out>,
  changes: readonly string[] = [],
) {
  return useMutation({
    mutationFn: (input: In) => stepUp(() => work(input)),
    async onSettled() {
      await Promise.all(changes.map((path) => queries.invalidateQueries({ queryKey: [path] })))
    },
  })
}
