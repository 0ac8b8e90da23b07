import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, type OutputChunk } from 'rolldown'
import { folderOf, published, readManifest, root } from './packages.ts'

for (const { name, form } of published) {
  rmSync(join(folderOf(name), 'dist'), { recursive: true, force: true })
  if (form === 'modules') buildModules(name)
  else await buildBundle(name)
  console.log(`built packages/${name}/dist`)
}

function buildModules(name: string): void {
  const tsc = join(root, 'node_modules', '.bin', 'tsc')
  execFileSync(tsc, ['-p', join(folderOf(name), 'tsconfig.build.json')], { stdio: 'inherit' })
}

async function buildBundle(name: string): Promise<void> {
  const folder = folderOf(name)
  const { output } = await build({
    input: join(folder, 'src', 'main.ts'),
    platform: 'node',
    output: {
      file: join(folder, 'dist', 'main.js'),
      format: 'esm',
      minify: process.env.MINIFY === '1',
      comments: false,
    },
  })
  const modules = output
    .filter((file): file is OutputChunk => file.type === 'chunk')
    .flatMap((chunk) => Object.keys(chunk.modules))
  mkdirSync(join(folder, 'dist'), { recursive: true })
  writeFileSync(join(folder, 'dist', 'LICENSES.txt'), collectLicenses(modules))
}

/** The licences of what is bundled, which ask to travel with every copy. */
function collectLicenses(modules: readonly string[]): string {
  const folders = new Set(modules.filter((file) => file.includes('/node_modules/')).map(packageOf))
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license } = readManifest(folder)
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
      const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`
      return `${name} ${version}\n\n${text}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/** The folder of the package that holds a file: the nearest manifest that has a name. */
function packageOf(file: string): string {
  let folder = dirname(file)
  while (!isPackage(folder)) folder = dirname(folder)
  return folder
}

function isPackage(folder: string): boolean {
  return existsSync(join(folder, 'package.json')) && readManifest(folder).name !== undefined
}
