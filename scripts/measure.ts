/** What a benchmark hands back: one measured thing, and what it should reach. */
export interface Row {
  name: string
  value: number
  unit: string
  /** `< 0.3`; null for a figure that only gives another one its scale. */
  target: Target | null
}

export type Target = `${'<' | '<=' | '>' | '>='} ${number}`

export type Benchmark = (say: (progress: string) => void) => Promise<Row[]>

/** Whether a value reaches its target; null without one. */
export function holds({ value, target }: Row): boolean | null {
  if (target === null) return null
  const [sign, bound] = target.split(' ') as ['<' | '<=' | '>' | '>=', string]
  const limit = Number(bound)
  if (sign.length === 2 && value === limit) return true
  return sign.startsWith('<') ? value < limit : value > limit
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Wall seconds of one run. */
export async function time(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

export interface Paired {
  /** Medians in seconds. */
  a: number
  b: number
  /** Median of the ratios a/b of neighbouring runs: what slows the machine slows both. */
  ratio: number
}

/** Runs two things by turns, after one run of each that does not count. */
export async function paired(runs: number, a: () => unknown, b: () => unknown): Promise<Paired> {
  await a()
  await b()
  const samples = { a: [] as number[], b: [] as number[] }
  for (let i = 0; i < runs; i++) {
    // Who goes first changes, so that neither always finds the caches warm.
    const order = i % 2 ? (['a', 'b'] as const) : (['b', 'a'] as const)
    for (const one of order) samples[one].push(await time(one === 'a' ? a : b))
  }
  const ratios = samples.a.map((seconds, i) => seconds / samples.b[i]!)
  return { a: median(samples.a), b: median(samples.b), ratio: median(ratios) }
}
