import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'vite'
import { folderOf } from './packages.ts'

const folder = folderOf('console')

/** Builds the console into a folder, each file compressed beside it; the folder is whole or not there. */
export async function buildConsole(target: string): Promise<void> {
  const draft = `${target}.${process.pid}`
  // Whatever it is built for: a test must not get another React than people do.
  process.env['NODE_ENV'] = 'production'
  await build({
    root: folder,
    configFile: false,
    base: '/console/',
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir: draft,
      emptyOutDir: true,
      target: 'es2023',
      // Nothing inline: the console's policy would refuse it.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // What is bundled asks that its licences travel with every copy.
      license: { fileName: 'LICENSES.md' },
    },
  })
  for (const name of readdirSync(draft, { recursive: true, encoding: 'utf8' })) {
    if (/\.(?:js|css|html|svg)$/.test(name)) compress(join(draft, name))
  }
  putInPlace(draft, target)
}

/** Never a part of one: who reads meanwhile finds the old build, none, or the new one. */
export function putInPlace(draft: string, target: string): void {
  const old = `${draft}.old`
  move(target, old)
  // Of two that build at once either is as good.
  if (!move(draft, target)) rmSync(draft, { recursive: true })
  rmSync(old, { recursive: true, force: true })
}

/** Whether it was there, and nothing yet where it goes. */
function move(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes((error as { code: string }).code)) return false
    throw error
  }
}

function compress(file: string): void {
  const body = readFileSync(file)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 }
  writeFileSync(`${file}.br`, brotliCompressSync(body, { params }))
  writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }))
}

/** What a first visit loads, in bytes: the document, and what it names. */
export function firstLoad(target: string, coding: 'br' | 'gz'): number {
  const document = readFileSync(join(target, 'index.html'), 'utf8')
  const named = [...document.matchAll(/"\/console\/(assets\/[^"]+)"/g)].map(([, name]) => name!)
  return ['index.html', ...named].reduce(
    (sum, name) => sum + readFileSync(join(target, `${name}.${coding}`)).length,
    0,
  )
}

if (import.meta.main) {
  const target = join(folder, 'dist')
  await buildConsole(target)
  const kilobytes = (coding: 'br' | 'gz') => (firstLoad(target, coding) / 1000).toFixed(1)
  console.log(`built packages/console/dist; first load ${kilobytes('br')} kB (brotli), ${kilobytes('gz')} kB (gzip)`) // prettier-ignore
}
