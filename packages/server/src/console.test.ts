import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { brotliDecompressSync, gzipSync, brotliCompressSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildConsole, firstLoad } from '../../../scripts/build-console.ts'
import { addConsole, openConsole, type Console } from './console.ts'

const silent = { warn: () => {} }

function serve(files: Console): FastifyInstance {
  const app = fastify()
  addConsole(app, files)
  return app
}

describe('the console’s files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-console-'))
  const script = 'console.log("a script that is long enough")'
  let app: FastifyInstance
  beforeAll(() => {
    mkdirSync(join(folder, 'assets'))
    for (const [name, text] of [
      ['index.html', '<!doctype html><title>Kept</title>'],
      ['assets/main-abc.js', script],
      ['notes.txt', 'not a file of the console'],
    ] as const) {
      writeFileSync(join(folder, name), text)
      writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text))
      writeFileSync(join(folder, `${name}.gz`), gzipSync(text))
    }
    app = serve(openConsole(silent, folder))
  })
  afterAll(async () => {
    await app.close()
    rmSync(folder, { recursive: true })
  })
  const get = (url: string, headers = {}) => app.inject({ url, headers })

  it.each([
    '/console',
    '/console/',
    '/console/claims/backups',
    '/portal/acme',
    '/portal/acme/people',
  ])('%s is the document, asked for anew each time', async (url) => {
    const { statusCode, headers, body } = await get(url)
    expect([statusCode, body]).toEqual([200, '<!doctype html><title>Kept</title>'])
    expect(headers['cache-control']).toBe('no-cache')
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
  })

  it('allows nothing inline, from elsewhere or in a frame', async () => {
    const { headers } = await get('/console')
    const policy = String(headers['content-security-policy']).split('; ')
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
      ]),
    )
    expect(policy.join()).not.toMatch(/unsafe|https?:|\*/)
  })

  it('keeps what has a hash in its name for good, compressed as the browser can read it', async () => {
    const brotli = await get('/console/assets/main-abc.js', { 'accept-encoding': 'gzip, br' })
    expect(brotli.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(script)
    expect(brotli.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(brotli.headers['vary']).toBe('accept-encoding')
    const gzip = await get('/console/assets/main-abc.js', { 'accept-encoding': 'gzip' })
    expect(gzip.headers['content-encoding']).toBe('gzip')
    const plain = await get('/console/assets/main-abc.js')
    expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, script])
    const known = await get('/console/assets/main-abc.js', {
      'if-none-match': plain.headers['etag'],
    })
    expect(known.statusCode).toBe(304)
  })

  it.each([
    '/console/assets/other.js',
    '/console/assets/..%2findex.html',
    '/console/assets/../../notes.txt',
  ])('has nothing at %s', async (url) => {
    expect((await get(url)).statusCode).not.toBe(200)
  })
})

describe('a console that is not there yet', () => {
  it('says that it is being built, and has the document reload by a script of its own', async () => {
    const app = serve({
      look: () => ({ waits: 'It is being built.', again: true }),
      close: () => {},
    })
    const { statusCode, headers, body } = await app.inject('/console/join')
    expect([statusCode, headers['cache-control']]).toEqual([200, 'no-store'])
    expect(body).toContain('It is being built.')
    expect(body).toContain('<script src="/console/assets/wait.js"')
    expect((await app.inject('/console/assets/wait.js')).body).toContain('location.reload')
    await app.close()
  })

  it('says that it cannot be built, and does not try again', async () => {
    const app = serve({ look: () => ({ waits: 'It could not be built.', again: false }), close: () => {} }) // prettier-ignore
    const { statusCode, body } = await app.inject('/console')
    expect(statusCode).toBe(503)
    expect(body).not.toContain('<script')
    await app.close()
  })
})

describe('the console as it is built', () => {
  it('loads at most 200 kB at first, compressed', async () => {
    const target = mkdtempSync(join(tmpdir(), 'kept-console-'))
    await buildConsole(target)
    expect(firstLoad(target, 'br')).toBeLessThan(200_000)
    expect(firstLoad(target, 'gz')).toBeLessThan(200_000)
    // It would be nothing if the document named nothing.
    expect(firstLoad(target, 'br')).toBeGreaterThan(50_000)
    rmSync(target, { recursive: true })
  }, 120_000)

  it('is read whole or not yet, while others build it in the same place', async () => {
    const target = join(mkdtempSync(join(tmpdir(), 'kept-console-')), 'dist')
    await buildConsole(target)
    const other = spawn(process.execPath, ['--input-type=module', '-e', swapping, target], {
      stdio: 'ignore',
    })
    const ended = once(other, 'exit')
    let whole = 0
    while (other.exitCode === null) {
      const files = openConsole(silent, target)
      const looked = files.look()
      files.close()
      if ('files' in looked) {
        whole++
        const page = looked.files.get('index.html')!.body.toString()
        for (const [, asset] of page.matchAll(/\/console\/(assets\/[^"]+)"/g)) {
          expect(looked.files.has(asset!)).toBe(true)
        }
      } else expect(looked.again).toBe(true)
      await setImmediate()
    }
    await ended
    expect([other.exitCode, whole > 0]).toEqual([0, true])
    rmSync(join(target, '..'), { recursive: true })
  }, 120_000)
})

/** Another process that puts copies in its place, as builds do. */
const swapping = `
  import { cpSync } from 'node:fs'
  import { putInPlace } from '${new URL('../../../scripts/build-console.ts', import.meta.url).href}'
  const target = process.argv[1]
  for (const until = Date.now() + 2000; Date.now() < until; ) {
    cpSync(target, target + '.draft', { recursive: true })
    putInPlace(target + '.draft', target)
  }`
