import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, time, type Benchmark, type Row } from '../../../scripts/measure.ts'
import { cloneDatabase, dropDatabase, startCluster, type Cluster } from '../src/index.ts'

const runs = 5
const owner = join(import.meta.dirname, '..', 'test', 'owner.ts')

/** How long a caller waits for a cluster, and for a copy of a database. */
const benchPostgres: Benchmark = async (say) => {
  const firsts: number[] = []
  const seconds: number[] = []
  const stops: number[] = []
  for (let i = 0; i < runs; i++) {
    say(`first start, stop, second start: ${i + 1} of ${runs}`)
    const directory = mkdtempSync(join(tmpdir(), 'kept-bench-'))
    firsts.push(
      await start(directory, async (cluster) => stops.push(await time(() => cluster.stop()))),
    )
    seconds.push(await start(directory, async (cluster) => await cluster.stop()))
    rmSync(directory, { recursive: true })
  }
  return [
    row('first start', firsts, '<= 5'),
    row('second start', seconds, '<= 2'),
    row('stop', stops, '<= 2'),
    ...(await ofOneCluster(say)),
  ]
}
export default benchPostgres

async function ofOneCluster(say: (progress: string) => void): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'kept-bench-'))
  try {
    say('adoptions')
    const adoptions = await adopt(directory)
    const clones: number[] = []
    say('clones')
    await start(directory, async (cluster) => {
      await cluster.asSuperuser(async (client) => {
        for (let i = 0; i < 2 * runs; i++) {
          const clone = { name: `clone_${i}`, template: 'template0' }
          clones.push(await time(async () => await cloneDatabase(client, clone)))
          await dropDatabase(client, clone.name)
        }
      })
      await cluster.stop()
    })
    return [
      row('adoption after kill -9', adoptions, '<= 1'),
      row('clone of a database', clones, '<= 1'),
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function start(
  directory: string,
  then: (cluster: Cluster) => Promise<unknown>,
): Promise<number> {
  let cluster: Cluster
  const taken = await time(async () => (cluster = await startCluster({ directory })))
  await then(cluster!)
  return taken
}

/** Each time another process starts the cluster and is killed. */
async function adopt(directory: string): Promise<number[]> {
  const taken: number[] = []
  for (let i = 0; i < runs; i++) {
    const child = spawn(process.execPath, [owner, JSON.stringify({ directory })])
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    taken.push(
      await start(directory, async (cluster) => {
        if (!cluster.adopted) throw new Error('the running server was not adopted')
        await cluster.stop()
      }),
    )
  }
  return taken
}

function row(name: string, samples: readonly number[], target: Row['target']): Row {
  return { name, value: median(samples), unit: 's', target }
}
