import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openNote, parseVerifierKey } from '../src/note.ts'
import { proveConsistency, proveInclusion } from '../src/proof.ts'
import { readHashFromTiles } from '../src/tiles.ts'
import { checkpointOf, makeEntries, reader, rootAt, verifierKey, writeTiles } from './memory-log.ts'
import { peter } from './vectors.ts'

const gopath = '/usr/share/gocode'
const isThere =
  spawnSync('go', ['version']).status === 0 &&
  existsSync(join(gopath, 'src/golang.org/x/mod/sumdb/tlog'))
const missing = 'needs go and golang.org/x/mod: golang-go, golang-golang-x-mod-dev'

const [first, size, index] = [65_500, 66_000, 65_700]
const signerKey = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const entries = makeEntries(size)
const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** What our side says of a log, as check.go reads it. */
async function makeClaim() {
  const written = writeTiles(entries, [size])
  const read = () => readHashFromTiles(size, reader(written))
  const hashTiles = [...written].filter(([path]) => !path.includes('entries'))
  return {
    note: await checkpointOf(entries, size),
    verifierKey,
    signerKey,
    index,
    entry: toBase64(entries[index]!),
    inclusion: (await proveInclusion(index, size, read())).map(toBase64),
    first,
    firstRoot: toBase64(rootAt(entries, first)),
    consistency: (await proveConsistency(first, size, read())).map(toBase64),
    tiles: Object.fromEntries(hashTiles.map(([path, bytes]) => [path, toBase64(bytes)])),
  }
}

const spoil = (tiles: Record<string, string>) =>
  toBase64(Buffer.from(tiles['tile/1/001.p/1']!, 'base64').map((byte) => byte ^ 1))

type Claim = Awaited<ReturnType<typeof makeClaim>>

describe("Go's checksum database packages", () => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-ledger-'))
  const program = join(folder, 'check')
  let claim: Claim

  beforeAll(async () => {
    if (!isThere) return
    claim = await makeClaim()
    const env = {
      ...process.env,
      GO111MODULE: 'off',
      GOPATH: gopath,
      GOCACHE: join(folder, 'cache'),
    }
    const source = join(import.meta.dirname, 'check.go')
    const built = spawnSync('go', ['build', '-o', program, source], { env, encoding: 'utf8' })
    if (built.status !== 0) throw new Error(`go build: ${built.error?.message ?? built.stderr}`)
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const check = (given: Claim) =>
    spawnSync(program, { input: JSON.stringify(given), encoding: 'utf8' }).stdout

  it('believe our note, proofs and tiles, and we the note they sign', ({ skip }) => {
    skip(!isThere, missing)
    const said = check(claim)
    expect(said.slice(0, 3)).toBe('ok\n')
    expect(openNote(said.slice(3), [parseVerifierKey(peter.key)]).text).toBe(
      claim.note.slice(0, claim.note.indexOf('\n\n') + 1),
    )
  })
  it.for<[string, (claim: Claim) => Partial<Claim>]>([
    ['note', ({ note }) => ({ note: note.replace('66000', '66001') })],
    ['inclusion', () => ({ index: index + 1 })],
    ['inclusion', ({ inclusion }) => ({ inclusion: inclusion.toReversed() })],
    ['consistency', ({ consistency }) => ({ consistency: consistency.slice(1) })],
    // On the right edge: this Go reads some of the other tiles without holding them to their parents.
    ['tiles', ({ tiles }) => ({ tiles: { ...tiles, 'tile/1/001.p/1': toBase64(entries[0]!) } })],
    ['tiles', ({ tiles }) => ({ tiles: { ...tiles, 'tile/1/001.p/1': spoil(tiles) } })],
  ])('refuse a changed %s', ([what, change], { skip }) => {
    skip(!isThere, missing)
    expect(check({ ...claim, ...change(claim) })).toMatch(new RegExp(`^${what}: `))
  })
})
