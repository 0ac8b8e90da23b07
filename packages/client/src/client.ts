import createFetch, {
  type Client as Typed,
  type MaybeOptionalInit,
  type MethodResponse,
} from 'openapi-fetch'
import type { PathsWithMethod } from 'openapi-typescript-helpers'
import type { paths } from './api.ts'
import { ClientFailure, explainSilence, readRefusal } from './failure.ts'
import { signRequest, type Signer } from './sign.ts'

type Method = 'get' | 'post' | 'put' | 'delete'
export type Path<M extends Method> = PathsWithMethod<paths, M>
type Init<P extends Path<M>, M extends Method> = Sent<MaybeOptionalInit<paths[P], M>>
/** A body is only read: what nobody may change can be sent too. */
type Sent<I> = { [K in keyof I]: K extends 'body' ? Constant<I[K]> : I[K] }
type Constant<T> = T extends readonly (infer E)[]
  ? readonly Constant<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Constant<T[K]> }
    : T
type Rest<P extends Path<M>, M extends Method> =
  undefined extends Init<P, M> ? [init?: Init<P, M>] : [init: Init<P, M>]
/** What a path answers. */
export type Answer<P extends Path<M>, M extends Method> = MethodResponse<Typed<paths>, M, P>

/** The calls of a running Kept, typed by its OpenAPI document; each fails with `ClientFailure`. */
export interface Client {
  get: <P extends Path<'get'>>(path: P, ...init: Rest<P, 'get'>) => Promise<Answer<P, 'get'>>
  post: <P extends Path<'post'>>(path: P, ...init: Rest<P, 'post'>) => Promise<Answer<P, 'post'>>
  put: <P extends Path<'put'>>(path: P, ...init: Rest<P, 'put'>) => Promise<Answer<P, 'put'>>
  delete: <P extends Path<'delete'>>(
    path: P,
    ...init: Rest<P, 'delete'>
  ) => Promise<Answer<P, 'delete'>>
  /** The bytes of a document, or null when there is none. */
  read: <P extends Path<'get'>>(path: P, ...init: Rest<P, 'get'>) => Promise<Uint8Array | null>
}

export interface ClientSettings {
  /** Who signs; without one, anybody asks. */
  signer?: Signer
  fetch?: typeof fetch
}

/** Milliseconds after which an answer is no longer waited for. */
const patience = 60_000

/** A client of the Kept at an address, `https://security.example.com`. */
export function openClient(address: string, settings: ClientSettings = {}): Client {
  const { signer, fetch = globalThis.fetch } = settings
  const api = createFetch<paths>({
    baseUrl: address,
    headers: { accept: 'application/json' },
    pathSerializer: writePath,
    async fetch(request) {
      const signed = signer ? await signRequest(request, signer) : request
      // A signature is for this address alone, and a Kept sends nobody elsewhere.
      const init = { signal: AbortSignal.timeout(patience), redirect: 'error' } as const
      return fetch(signed, init).catch((error: unknown) => Promise.reject(explainSilence(error)))
    },
  })
  api.use({
    async onResponse({ response }) {
      if (!response.ok) throw await readRefusal(response)
    },
  })
  // Types fit at the edge, in `Client`; inside, one path is like another.
  const ask = api.request as (
    method: Method,
    path: string,
    init?: object,
  ) => Promise<{ data?: unknown }>
  const call = async (method: Method, path: string, init?: object) =>
    (await ask(method, path, init).catch(explainUnreadable)).data
  const read = async (path: string, init?: object) => {
    try {
      return new Uint8Array(
        (await call('get', path, { ...init, parseAs: 'arrayBuffer' })) as ArrayBuffer,
      )
    } catch (error) {
      if (error instanceof ClientFailure && error.code === 'not-found') return null
      throw error
    }
  }
  return {
    get: (path: string, init?: object) => call('get', path, init),
    post: (path: string, init?: object) => call('post', path, init),
    put: (path: string, init?: object) => call('put', path, init),
    delete: (path: string, init?: object) => call('delete', path, init),
    read,
  } as Client
}

/** The one parameter named `path` is several segments long; OpenAPI has no word for it. */
function writePath(pattern: string, values: Record<string, unknown>): string {
  return pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const encoded = encodeURIComponent(String(values[name]))
    return name === 'path' ? encoded.replaceAll('%2F', '/') : encoded
  })
}

function explainUnreadable(error: unknown): never {
  if (!(error instanceof SyntaxError)) throw error
  throw new ClientFailure('not-kept', 'what answers there is no Kept: it sends no JSON', {
    fix: 'check the address',
    cause: error,
  })
}
