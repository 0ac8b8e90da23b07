import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, type Plugin } from 'rolldown'
import { buildConsole } from './build-console.ts'
import { folderOf, readManifest, root, type Published } from './packages.ts'

/** Builds a published package from its sources into a folder. */
export async function buildPackage({ name, form }: Published, target: string): Promise<void> {
  if (form === 'bundle') return buildBundle(name, target)
  buildModules(name, target)
  copyTexts(join(folderOf(name), 'src'), target)
  if (name !== 'server') return
  await writeVerifier(target)
  await buildConsole(join(target, 'console'))
}

function buildModules(name: string, target: string): void {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const project = join(folderOf(name), 'tsconfig.build.json')
  execFileSync(process.execPath, [tsc, '-p', project, '--outDir', target], { stdio: 'inherit' })
}

/** Migrations and policies: the compiler leaves what is no TypeScript behind. */
function copyTexts(source: string, target: string): void {
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (/\.(?:sql|cedar)$/.test(file)) cpSync(join(source, file), join(target, file))
  }
}

/** What readers' browsers load imports nothing: it takes the place of what was compiled. */
async function writeVerifier(target: string): Promise<void> {
  const folder = join('capabilities', 'publishing')
  const module = join(folderOf('server'), 'src', folder, 'verifier.ts')
  const { bundleVerifier } = (await import(module)) as { bundleVerifier: () => Promise<string> }
  writeFileSync(join(target, folder, 'verify-in-browser.js'), await bundleVerifier())
}

async function buildBundle(name: string, target: string): Promise<void> {
  const { output } = await build({
    input: join(folderOf(name), 'src', 'main.ts'),
    platform: 'node',
    // Packages of their own: for those who run a page, ask policies, or protect a database.
    external: ['@kept/server', '@kept/policy', /^@kept\/guard/],
    plugins: [learnPhrases],
    // Half the text to parse: a cold check takes 155 ms instead of 163. What only some commands need
    // lies in chunks of its own.
    output: {
      dir: target,
      // Node links no such modules and loads no exports of its own that nobody uses: 15 ms less.
      entryFileNames: 'main.cjs',
      chunkFileNames: '[name].cjs',
      format: 'cjs',
      minify: true,
    },
  })
  const chunks = output.filter((file) => file.type === 'chunk')
  for (const { fileName, code } of chunks) writeFileSync(join(target, fileName), inAscii(code))
  const modules = chunks.flatMap((chunk) => chunk.moduleIds)
  writeFileSync(join(target, 'LICENSES.txt'), collectLicenses(modules))
}

/** What recognises promises is learned here, and not again at each start. */
const learnPhrases: Plugin = {
  name: 'learn-phrases',
  transform: {
    filter: { id: /\/page\/src\/draft\/built\.ts$/ },
    async handler() {
      await import('@kept/page')
      const { learnedPhrases } = (await import(join(folderOf('page'), 'src', 'draft', 'phrases.ts'))) as { learnedPhrases: () => string } // prettier-ignore
      return { code: `export const built = ${JSON.stringify(learnedPhrases())}` }
    },
  },
}

/** One letter beyond Latin-1 doubles what Node decodes and holds of a file. */
function inAscii(code: string): string {
  return code.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The licences of what is bundled, which ask to travel with every copy. */
function collectLicenses(modules: readonly string[]): string {
  const folders = new Set(modules.filter((file) => file.includes('/node_modules/')).map(packageOf))
  return [...folders]
    .sort()
    .map(sayLicense)
    .join(`\n${'-'.repeat(80)}\n\n`)
}

function sayLicense(folder: string): string {
  const { name, version, license } = readManifest(folder)
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file
    ? readFileSync(join(folder, file), 'utf8').trim()
    : `Licence: ${license ?? 'not said'}`
  return `${name} ${version}\n\n${text}\n`
}

/** The folder of the package that holds a file: the nearest whose manifest has a name. */
function packageOf(file: string): string {
  let folder = dirname(file)
  while (!isPackage(folder)) folder = dirname(folder)
  return folder
}

function isPackage(folder: string): boolean {
  return existsSync(join(folder, 'package.json')) && readManifest(folder).name !== undefined
}
