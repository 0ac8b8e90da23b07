import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTerminal, wantsColour } from './terminal.ts'

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
  [{ TERM: 'dumb' }, true, false],
])('with %o and a terminal: %o, colour: %o', (env, isTTY, colour) => {
  expect(wantsColour(env, isTTY)).toBe(colour)
})

test('a file that may not be read says so, and what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-test-'))
  const path = join(folder, 'secret.md')
  writeFileSync(path, '# Secret\n')
  chmodSync(path, 0)
  // Root may read everything, so it must be somebody else for a moment.
  const isRoot = process.geteuid!() === 0
  if (isRoot) process.seteuid!(65_534)
  const failure = await openTerminal()
    .read(path)
    .catch((error: unknown) => error)
  if (isRoot) process.seteuid!(0)
  rmSync(folder, { recursive: true })
  expect(failure).toMatchObject({ place: path, message: 'it may not be read' })
})

test('the files of a folder are listed in order, and a link that leads back ends nowhere', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-test-'))
  for (const name of ['b', 'node_modules', '.git']) mkdirSync(join(folder, name))
  const files = ['z.cedar', 'a.cedar', 'b/c.cedar', 'node_modules/d.cedar', '.git/e.cedar']
  for (const file of files) writeFileSync(join(folder, file), '')
  symlinkSync(folder, join(folder, 'b', 'loop'))
  symlinkSync(join(folder, 'a.cedar'), join(folder, 'linked.cedar'))
  const { list } = openTerminal()
  const listed = list(`${folder}/`)
  rmSync(folder, { recursive: true })
  expect(listed).toEqual(
    ['a.cedar', 'b/c.cedar', 'linked.cedar', 'z.cedar'].map((file) => join(folder, file)),
  )
  expect(list(join(folder, 'nowhere'))).toEqual([])
})
