import { execFileSync, spawn, type StdioOptions } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  return join(folder, 'node_modules', '@kept', 'cli', 'bin', 'kept')
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

const systemKinds = ['databases', 'services', 'endpoints', 'repositories'] as const

/** A hundred systems of each kind, and a passed check of each database and endpoint. */
function writeCompany(folder: string): string[] {
  const names = Array.from({ length: 100 }, (_, i) => i)
  const systems = systemKinds.map(
    (kind) => `${kind}:\n${names.map((i) => `  ${kind}-${i}: { provider: aws }\n`).join('')}`,
  )
  const runners = 'runners:\n  ci: { holder: workload, kinds: "*", subjects: "*" }\n'
  writeFileSync(join(folder, 'systems.yaml'), systems.join('') + runners)
  const observedAt = new Date(Date.now() - 60_000).toISOString()
  const pass = (kind: string, subject: string) =>
    JSON.stringify({ id: subject, kind, subject, outcome: 'pass', observedAt, runner: 'ci' })
  const evidence = names.flatMap((i) => [
    pass('database.encryption', `databases-${i}`),
    pass('endpoint.tls', `endpoints-${i}`),
  ])
  writeFileSync(join(folder, 'evidence.jsonl'), evidence.join('\n'))
  return ['--systems', join(folder, 'systems.yaml'), '--evidence', join(folder, 'evidence.jsonl')]
}

type Say = Parameters<Benchmark>[0]

async function coldStarts(folder: string, launcher: string, say: Say): Promise<Row[]> {
  const page = writePage(folder, 200)
  const rows: Row[] = []
  for (const [name, nodeCache] of [
    ['check 200 claims', () => folder],
    ['  its first run, no code compiled yet', () => mkdtempSync(join(folder, 'tmp-'))],
  ] as const) {
    say(name.trim())
    const check = () => run(launcher, ['check', page], { TMPDIR: nodeCache() })
    const cold = await paired(21, check, () => run(process.execPath, ['-e', '0']))
    rows.push(
      { name, value: cold.a, unit: 's', target: '< 0.3' },
      { name: '  against node -e 0', value: cold.ratio, unit: 'x', target: null },
    )
  }
  return rows
}

async function longPages(folder: string, launcher: string, say: Say): Promise<Row[]> {
  const company = writeCompany(folder)
  const check = async (claims: number, given: readonly string[]) => {
    const words = ['check', writePage(folder, claims), ...given]
    const seconds: number[] = []
    for (let i = 1; i <= 5; i++) {
      say(`${claims} claims, run ${i} of 5`)
      seconds.push(await time(() => run(launcher, words)))
    }
    return { seconds: median(seconds), peak: await measurePeak(launcher, words) }
  }
  const [short, long] = [await check(10_000, []), await check(100_000, [])]
  const judged = await check(100_000, company)
  const growth = long.seconds / 10 / short.seconds
  return [
    { name: 'check 100,000 claims', value: long.seconds, unit: 's', target: '< 10' },
    { name: '  peak memory', value: long.peak, unit: 'MB', target: '< 1000' },
    { name: '  time a claim against 10,000', value: growth, unit: 'x', target: '<= 1.25' },
    { name: '  with 400 systems and evidence', value: judged.seconds, unit: 's', target: '< 10' },
    { name: '  their peak memory', value: judged.peak, unit: 'MB', target: '< 1000' },
  ]
}

/** Peak memory in MB, said by the process itself at its end on a channel of its own. */
async function measurePeak(launcher: string, words: readonly string[]): Promise<number> {
  const report = `import { writeSync } from 'node:fs'
    process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))`
  const preload = `--import=data:text/javascript,${encodeURIComponent(report)}`
  return Number(await run(launcher, words, { NODE_OPTIONS: preload })) / 1024
}

/** Runs a command to its end, its output thrown away; hands back what it said on channel 3. */
function run(command: string, words: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const stdio: StdioOptions = ['ignore', 'ignore', 'inherit', 'pipe']
  const child = spawn(command, words, { stdio, env: { ...process.env, ...more } })
  let said = ''
  child.stdio[3]!.on('data', (text: Buffer) => (said += text.toString()))
  return new Promise<string>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === null || code > 1) reject(new Error(`kept ended with ${signal ?? code}`))
      else resolve(said)
    })
  })
}
