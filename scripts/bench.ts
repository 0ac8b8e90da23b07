import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { holds, type Benchmark, type Row } from './measure.ts'
import { root } from './packages.ts'

/** Every `packages/<package>/bench/<name>.ts` is a benchmark; its default export runs it. */
function findBenchmarks(): Map<string, string> {
  const found = new Map<string, string>()
  for (const one of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', one, 'bench')
    if (!existsSync(folder)) continue
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
      found.set(basename(file, '.ts'), join(folder, file))
    }
  }
  return found
}

async function runBenchmark(name: string, file: string): Promise<Outcome[]> {
  const { default: run } = (await import(pathToFileURL(file).href)) as { default: Benchmark }
  const rows = await run((progress) => process.stderr.write(`${name}: ${progress}\n`))
  return rows.map((row) => Object.assign(row, { holds: holds(row) }))
}

type Outcome = Row & { holds: boolean | null }

function table(rows: readonly Outcome[]): string {
  const heads = ['name', 'value', 'unit', 'target', 'holds'] as const
  const cells = [heads, ...rows.map((row) => heads.map((head) => sayCell(row[head])))]
  const widths = heads.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)))
  const lines = cells.map((line) =>
    line
      .map((cell, i) => (i === 1 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  '),
  )
  return lines.map((line) => line.trimEnd()).join('\n')
}

function sayCell(value: string | number | boolean | null): string {
  if (typeof value === 'number') return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
  if (typeof value === 'boolean') return value ? 'yes' : 'NO'
  return value ?? '-'
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' } },
  allowPositionals: true,
})
const all = findBenchmarks()
const unknown = positionals.find((name) => !all.has(name))
if (unknown !== undefined) {
  console.error(
    `bench: there is no benchmark "${unknown}"; there are ${[...all.keys()].join(', ')}`,
  )
  process.exit(2)
}
const rows: Outcome[] = []
for (const name of positionals.length ? positionals : all.keys()) {
  rows.push(...(await runBenchmark(name, all.get(name)!)))
}
console.log(values.json ? JSON.stringify(rows, null, 2) : table(rows))
