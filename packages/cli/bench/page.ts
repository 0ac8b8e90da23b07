import { execFileSync, spawn, type StdioOptions } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { proofs } from '@kept/page'
import { median, paired, time, type Benchmark, type Row } from '../../../scripts/measure.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** `kept check` as a user has it: packed, installed, started through its launcher without npx. */
const benchPage: Benchmark = async (say) => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-bench-'))
  const stop = () => {
    rmSync(folder, { recursive: true, force: true })
    process.exit(130)
  }
  process.once('SIGINT', stop)
  try {
    say('packing and installing')
    const launcher = install(folder)
    return [
      ...(await coldStarts(folder, launcher, say)),
      ...(await longPages(folder, launcher, say)),
    ]
  } finally {
    process.off('SIGINT', stop)
    rmSync(folder, { recursive: true, force: true })
  }
}
export default benchPage

function install(folder: string): string {
  const tarballs = join(folder, 'tarballs')
  const quiet: StdioOptions = ['ignore', 'ignore', 'inherit']
  execFileSync(process.execPath, [join(root, 'scripts', 'pack.ts'), tarballs], { stdio: quiet })
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const tarball = readdirSync(tarballs).find((name) => name.startsWith('kept-cli-'))!
  const words = ['install', '--offline', '--omit=optional', '--ignore-scripts', '--silent']
  execFileSync('npm', [...words, join(tarballs, tarball)], { cwd: folder, stdio: quiet })
  // The workspace's own Node package takes the place of the one that npm would download.
  const node = `node-${process.platform}-${process.arch}`
  mkdirSync(join(folder, 'node_modules', node, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'node_modules', node, 'package.json'), `{"name":"${node}"}`)
  execFileSync('cp', [process.execPath, join(folder, 'node_modules', node, 'bin', 'node')])
  return join(folder, 'node_modules', '@kept', 'cli', 'bin', 'kept.js')
}

/** A page of so many claims: the examples of all proofs by turns, a heading before each ten. */
function writePage(folder: string, claims: number): string {
  const parts = ['---\ncompany: Example Inc\n---\n\n# Security\n']
  for (let i = 0; i < claims; i++) {
    if (i % 10 === 0) parts.push(`\n## Part ${i / 10 + 1}\n`)
    parts.push(`${proofs[i % proofs.length]!.example.replace(/\)$/, `#claim-${i}`)}).\n`)
  }
  const file = join(folder, `${claims}.md`)
  writeFileSync(file, parts.join('\n'))
  return file
}

type Say = Parameters<Benchmark>[0]

async function coldStarts(folder: string, launcher: string, say: Say): Promise<Row[]> {
  const page = writePage(folder, 200)
  const rows: Row[] = []
  for (const [name, node] of nodes()) {
    say(`200 claims, ${name}`)
    const check = () => run(node, [launcher, 'check', page])
    const cold = await paired(21, check, () => run(node, ['-e', '0']))
    rows.push(
      { name: `check 200 claims, ${name}`, value: cold.a, unit: 's', target: '< 0.3' },
      { name: '  against node -e 0', value: cold.ratio, unit: 'x', target: null },
    )
  }
  return rows
}

/** The Node that a user has on the PATH, and the one that kept brings. */
function nodes(): [string, string][] {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const outside = folders.filter((one) => !one.includes('node_modules')).join(delimiter)
  const script = 'console.log(process.execPath + " " + process.version)'
  const env = { ...process.env, PATH: outside }
  const said = execFileSync('node', ['-e', script], { env, encoding: 'utf8' }).trim()
  const [path, version] = said.split(/ (?=v[^ ]*$)/) as [string, string]
  return [
    [`Node ${version} of the PATH`, path],
    [`Node ${process.version}`, process.execPath],
  ]
}

async function longPages(folder: string, launcher: string, say: Say): Promise<Row[]> {
  const check = async (claims: number) => {
    const words = [launcher, 'check', writePage(folder, claims)]
    const seconds: number[] = []
    for (let i = 1; i <= 5; i++) {
      say(`${claims} claims, run ${i} of 5`)
      seconds.push(await time(() => run(process.execPath, words)))
    }
    return { seconds: median(seconds), peak: await measurePeak(words) }
  }
  const [short, long] = [await check(10_000), await check(100_000)]
  const growth = long.seconds / 10 / short.seconds
  return [
    { name: 'check 100,000 claims', value: long.seconds, unit: 's', target: '< 10' },
    { name: '  peak memory', value: long.peak, unit: 'MB', target: '< 1000' },
    { name: '  time a claim against 10,000', value: growth, unit: 'x', target: '<= 1.25' },
  ]
}

/** Peak memory in MB, said by the process itself at its end on a channel of its own. */
async function measurePeak(words: readonly string[]): Promise<number> {
  const report = `import { writeSync } from 'node:fs'
    process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))`
  const preload = ['--import', `data:text/javascript,${encodeURIComponent(report)}`]
  return Number(await run(process.execPath, [...preload, ...words])) / 1024
}

/** Runs a Node to its end, its output thrown away; hands back what it said on channel 3. */
function run(node: string, words: readonly string[]): Promise<string> {
  const child = spawn(node, words, { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] })
  let said = ''
  child.stdio[3]!.on('data', (text: Buffer) => (said += text.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === null || code > 1) reject(new Error(`kept ended with ${signal ?? code}`))
      else resolve(said)
    })
  })
}
