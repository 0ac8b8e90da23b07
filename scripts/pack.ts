import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildPackage } from './build-package.ts'
import {
  folderOf,
  published,
  readManifest,
  root,
  type Manifest,
  type Published,
} from './packages.ts'

const target = resolve(process.argv[2] ?? join(root, 'build'))
mkdirSync(target, { recursive: true })
for (const one of published) {
  const stage = mkdtempSync(join(tmpdir(), 'kept-pack-'))
  try {
    await stagePackage(one, stage)
    const words = ['pack', stage, '--pack-destination', target, '--ignore-scripts', '--silent']
    console.log(join(target, execFileSync('npm', words, { encoding: 'utf8' }).trim()))
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

/** Lays out a package as it is published; nothing is built into the working tree. */
async function stagePackage(one: Published, stage: string): Promise<void> {
  const folder = folderOf(one.name)
  await buildPackage(one, join(stage, 'dist'))
  for (const name of ['bin', 'README.md']) {
    const from = join(folder, name)
    if (existsSync(from)) cpSync(from, join(stage, name), { recursive: true })
  }
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'))
  const manifest = readManifest(folder)
  const packed = one.form === 'modules' ? packLibrary(manifest) : packProgram(manifest)
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(packed, null, 2)}\n`)
}

/** Node strips no types under node_modules, so a packed library exports what was built. */
function packLibrary(manifest: Manifest): Manifest {
  const dependencies = Object.entries(manifest.dependencies ?? {})
  return {
    ...manifest,
    exports: Object.fromEntries(Object.entries(manifest.exports ?? {}).map(builtExport)),
    dependencies: Object.fromEntries(
      dependencies.map(([name, version]) => [name, exact(name, version)]),
    ),
  }
}

function builtExport([name, source]: [string, unknown]): [string, unknown] {
  const built = String(source).replace('./src/', './dist/').replace(/\.ts$/, '')
  return [name, { types: `${built}.d.ts`, default: `${built}.js` }]
}

/** Of a sibling exactly the version that it was built with. */
function exact(name: string, wanted: string): string {
  if (!name.startsWith('@kept/')) return wanted
  return readManifest(folderOf(name.slice('@kept/'.length))).version
}

/** All that a program imports is in its bundle; what it needs beside is the Node to run on. */
function packProgram(manifest: Manifest): Manifest {
  const packed = {
    ...manifest,
    optionalDependencies: readManifest(root).optionalDependencies ?? {},
  }
  delete packed.dependencies
  return packed
}
