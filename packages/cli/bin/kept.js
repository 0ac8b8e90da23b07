#!/usr/bin/env node
// Runs under any Node since 20: kept itself needs 24, and here finds it.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const least = 24

if (Number.parseInt(process.versions.node, 10) >= least) await start()
else hand([packagedNode, nodeOnPath])

/** In the workspace the sources run as they are; a packed kept has only what was built. */
async function start() {
  // Of two contrary wishes the one for no colour counts; Node would warn about the pair.
  if (process.env.NO_COLOR) delete process.env.FORCE_COLOR
  module.enableCompileCache?.()
  const source = new URL('../src/main.ts', import.meta.url)
  const entry = existsSync(source) ? source : new URL('../dist/main.js', import.meta.url)
  await import(entry.href)
}

/** The Node that npm installed beside kept; optional dependencies may have been left out. */
function packagedNode() {
  try {
    const name = `node-${process.platform}-${process.arch}/package.json`
    return join(createRequire(import.meta.url).resolve(name), '..', 'bin', 'node')
  } catch {
    return undefined
  }
}

function nodeOnPath() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return folders.map((folder) => join(folder, 'node')).find(isRecent)
}

function isRecent(node) {
  if (!existsSync(node)) return false
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  return Number.parseInt(stdout?.slice(1) ?? '', 10) >= least
}

/** Lets the first Node that can be found and started do the work, as if it were this process. */
function hand([find, ...others]) {
  if (!find) return fail()
  const node = find()
  if (!node) return hand(others)
  const words = [fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  const child = spawn(node, words, { stdio: 'inherit' })
  // A terminal sends its interrupt to both processes itself; forwarding it would make it two.
  const interrupt = process.stdin.isTTY ? () => {} : () => child.kill('SIGINT')
  const forward = { SIGINT: interrupt }
  for (const signal of ['SIGTERM', 'SIGHUP']) forward[signal] = () => child.kill(signal)
  for (const [signal, handle] of Object.entries(forward)) process.on(signal, handle)
  const release = () => {
    for (const [signal, handle] of Object.entries(forward)) process.off(signal, handle)
  }
  // A binary for another C library exists but cannot be started.
  child.on('error', () => {
    release()
    hand(others)
  })
  child.on('exit', (code, signal) => {
    release()
    if (signal) process.kill(process.pid, signal)
    else process.exitCode = code ?? 2
  })
}

function fail() {
  process.stderr.write(
    `kept: it needs Node ${least} or later, and this is Node ${process.versions.node}\n` +
      `  fix: install Node ${least} from https://nodejs.org, put it on the PATH and run kept again\n`,
  )
  process.exitCode = 2
}
