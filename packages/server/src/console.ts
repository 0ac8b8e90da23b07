import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { etagOf, isNamed } from './cache.ts'
import { Failure } from './foundation/failure.ts'
import type { Log } from './log.ts'

/** Built beside the published program; in a checkout it is built from the package's sources. */
const packed = fileURLToPath(new URL('./console', import.meta.url))
const sources = fileURLToPath(new URL('../../console', import.meta.url))
const builder = fileURLToPath(new URL('../../../scripts/build-console.ts', import.meta.url))

/** What a file is served as, by the end of its name. */
const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
}

/**
 * Nothing inline and nothing from elsewhere; no text becomes markup or a script by any way that a browser
 * knows (Trusted Types), so that a claim or a name of a system can bring none.
 */
const consoleHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'permissions-policy':
    'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

interface File {
  type: string
  body: Buffer
  br: Buffer | null
  gzip: Buffer | null
  etag: string
}

/** The files of the console by their path below it, or why there are none yet. */
export type Files = Map<string, File>
export type Looked = { files: Files } | { waits: string; again: boolean }

const building: Looked = { waits: 'It is being built, which takes a few seconds.', again: true }

export interface Console {
  look(): Looked
  close(): void
}

/**
 * The console's files, held in memory. A checkout whose build is missing or older than its sources has
 * another process build it when somebody first asks: no start waits for it or fails with it.
 */
export function openConsole(log: Pick<Log, 'warn'>, folder = packed): Console {
  const target = existsSync(folder) ? folder : join(sources, 'dist')
  let child: ChildProcess | null = null
  let looked: Looked | null = null

  function build(): Looked {
    child = spawn(process.execPath, [builder], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr!.on('data', (piece: Buffer) => (said = (said + piece.toString()).slice(-2000)))
    child.on('error', (error) => (said += error.message))
    child.on('close', (code) => {
      child = null
      if (code === 0) return void (looked = readWhole())
      log.warn({ says: 'the console could not be built', code: said.trim().slice(-500) })
      looked = { waits: 'It could not be built: npm run build -w @kept/console says why.', again: false } // prettier-ignore
    })
    return building
  }

  /** Null while another process puts its own build in the place of what is read. */
  function readWhole(): Looked | null {
    try {
      const { ino } = statSync(target)
      const files = readFiles(target)
      return statSync(target).ino === ino ? { files } : null
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') return null
      throw error
    }
  }

  function first(): Looked | null {
    const isCheckout = existsSync(builder) && target !== folder
    if (isCheckout && isOlder(target)) return build()
    if (existsSync(target)) return readWhole()
    return { waits: 'It is not part of this installation.', again: false }
  }

  return {
    look: () => (looked ??= first()) ?? building,
    close: () => void child?.kill(),
  }
}

/** Whether something that the console is made of was written after it was built. */
function isOlder(target: string): boolean {
  const built = statSync(join(target, 'index.html'), { throwIfNoEntry: false })?.mtimeMs
  if (built === undefined) return true
  const parts = ['console', 'client', 'ledger'].map((name) => join(sources, '..', name))
  const places = parts.flatMap((part) => [join(part, 'src'), join(part, 'package.json')])
  return [...places, join(sources, 'index.html'), builder].some((place) => newestOf(place) > built)
}

function newestOf(place: string): number {
  const stat = statSync(place, { throwIfNoEntry: false })
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0
  return Math.max(0, ...readdirSync(place).map((name) => newestOf(join(place, name))))
}

function readFiles(target: string): Files {
  const names = readdirSync(target, { recursive: true, encoding: 'utf8' })
  const read = (name: string) => (names.includes(name) ? readFileSync(join(target, name)) : null)
  const files: Files = new Map()
  for (const name of names) {
    const type = types[name.split('.').at(-1)!]
    if (!type) continue
    const body = read(name)!
    files.set(name, {
      type,
      body,
      br: read(`${name}.br`),
      gzip: read(`${name}.gz`),
      etag: etagOf(body),
    })
  }
  return files
}

/** The documents of the console and of the tenants' portal are one; what each shows comes by the API. */
export function addConsole(app: FastifyInstance, files: Console): void {
  app.addHook('onClose', async () => files.close())
  const shell = (request: FastifyRequest, reply: FastifyReply) => {
    const looked = files.look()
    if ('files' in looked) return send(request, reply, looked.files.get('index.html')!, 'no-cache')
    return reply
      .code(looked.again ? 200 : 503)
      .headers({ ...consoleHeaders, 'cache-control': 'no-store' })
      .type(types['html']!)
      .send(renderWaiting(looked))
  }
  const asset = (request: FastifyRequest, reply: FastifyReply) => {
    const name = `assets/${(request.params as { '*': string })['*']}`
    const looked = files.look()
    if (!('files' in looked) && name === 'assets/wait.js')
      return reply.headers(consoleHeaders).type(types['js']!).send(waitingScript)
    const file = 'files' in looked ? looked.files.get(name) : undefined
    if (!file) throw new Failure('not-found', 'there is nothing at this address')
    return send(request, reply, file, 'public, max-age=31536000, immutable')
  }
  app.get('/console/assets/*', asset)
  for (const path of ['/console', '/console/*', '/portal/:tenant', '/portal/:tenant/*'])
    app.get(path, shell)
}

function send(request: FastifyRequest, reply: FastifyReply, file: File, caching: string) {
  const { type, body, br, gzip, etag } = file
  void reply.headers({ ...consoleHeaders, 'cache-control': caching, vary: 'accept-encoding', etag })
  if (isNamed(etag, request.headers['if-none-match'])) return reply.code(304).send()
  const takes = request.headers['accept-encoding'] ?? ''
  void reply.type(type)
  if (br && /\bbr\b/.test(takes)) return reply.header('content-encoding', 'br').send(br)
  if (gzip && /\bgzip\b/.test(takes)) return reply.header('content-encoding', 'gzip').send(gzip)
  return reply.send(body)
}

/** By a script, since what a document says of refreshing does nothing where the address has a `#`. */
const waitingScript = 'setTimeout(() => location.reload(), 1000)'

function renderWaiting({ waits, again }: { waits: string; again: boolean }): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>The console</title>
${again ? '<script src="/console/assets/wait.js" defer></script>' : ''}</head>
<body><main><h1>The console is not here yet</h1><p>${waits}</p><p><a href="/">The public page</a></p></main></body></html>
`
}
