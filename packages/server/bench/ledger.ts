import { createHash, hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { encodeEntry, noteSigner, formatVerifierKey, signingKey } from '@kept/ledger'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { z } from 'zod'
import { median, time, type Benchmark, type Row } from '../../../scripts/measure.ts'
import { appendAll } from '../src/capabilities/ledger/append.ts'
import { ledgerOperations } from '../src/capabilities/ledger/operations.ts'
import { operation } from '../src/foundation/operation.ts'
import { systemTime } from '../src/foundation/time.ts'
import { openGate, type Gate } from '../src/gate.ts'
import { withDatabase } from './database.ts'

const runs = 7
/** Entries a transaction of a caller, and transactions a run. */
const batch = 256
const batches = 160
const callers = 2
const events = 1000

/** An entry as evidence makes them, about 260 bytes. */
const entryOf = (i: number) => ({
  id: `e${i}`,
  kind: 'endpoint.tls',
  subject: 'website',
  outcome: 'pass',
  observedAt: '2026-11-20T12:00:00.000Z',
  receivedAt: '2026-11-20T12:00:01.000Z',
  runner: 'collector',
  measured: { lowestAccepted: 1.2, chainTrusted: true },
})
const entries = Array.from({ length: batch }, (_, i) => entryOf(i))
const worker = { actor: { kind: 'worker', id: 'bench' } } as const

const write = operation({
  action: 'bench.write',
  says: 'Appends a batch of entries',
  input: z.object({}),
  output: z.object({}),
  async run(tx) {
    await appendAll(tx, 'bench.write', entries)
    return {}
  },
})

const key = signingKey(new Uint8Array(32).fill(1))
const { sequence } = ledgerOperations(
  {
    origin: 'kept.bench/ledger',
    signer: noteSigner('kept.bench/ledger', key),
    key: formatVerifierKey('kept.bench/ledger', key.publicKey),
  },
  [],
)

/**
 * The whole way of an entry into the log: callers commit 256 at a time while a sequencer moves them,
 * until the last is under a signed checkpoint. Beside it, by turns, a naive hash chain of one
 * transaction an event, and COPY BINARY of the same bodies into a table of the same form.
 */
const benchLedger: Benchmark = (say) =>
  withDatabase(async (urls) => {
    const pool = new pg.Pool({ connectionString: urls.server, max: callers + 1 })
    const peer = new pg.Client({ connectionString: urls.superuser })
    await peer.connect()
    try {
      const gate = openGate(pool, systemTime, {
        authenticate: () => Promise.reject(new Error('nobody asks from outside')),
        authorize: () => true,
        record: () => Promise.resolve(),
      })
      await makePeers(peer)
      return await measure(gate, peer, say)
    } finally {
      await pool.end()
      await peer.end()
    }
  })
export default benchLedger

async function measure(
  gate: Gate,
  peer: pg.Client,
  say: (progress: string) => void,
): Promise<Row[]> {
  const rates: Record<'kept' | 'naive' | 'copy', number[]> = { kept: [], naive: [], copy: [] }
  const commits: number[] = []
  const sequenced: number[] = []
  for (let run = 0; run <= runs; run++) {
    say(`run ${run} of ${runs}`)
    const kept = (batches * batch) / (await time(() => runKept(gate, commits, sequenced)))
    const copy = (batches * batch) / (await time(() => runCopy(peer, run)))
    const naive = events / (await time(() => runNaive(peer)))
    // The first warms up and does not count.
    if (run === 0) {
      commits.length = sequenced.length = 0
      continue
    }
    for (const [name, rate] of Object.entries({ kept, naive, copy }))
      rates[name as keyof typeof rates].push(rate)
  }
  const ratio = (other: 'naive' | 'copy') =>
    median(rates.kept.map((rate, i) => rate / rates[other][i]!))
  return [
    { name: 'append and sequence', value: median(rates.kept), unit: 'entries/s', target: null },
    { name: '  naive hash chain', value: median(rates.naive), unit: 'entries/s', target: null },
    { name: '  COPY BINARY', value: median(rates.copy), unit: 'entries/s', target: null },
    { name: '  against the naive chain', value: ratio('naive'), unit: 'x', target: '>= 25' },
    { name: '  against COPY BINARY', value: ratio('copy'), unit: 'x', target: '>= 0.35' },
    { name: '  p99 commit of a caller', value: p99(commits), unit: 'ms', target: '<= 50' },
    { name: '  p99 commit of the sequencer', value: p99(sequenced), unit: 'ms', target: null },
  ]
}

async function runKept(gate: Gate, commits: number[], sequenced: number[]): Promise<void> {
  let left = batches
  const caller = async () => {
    while (left-- > 0) {
      const seconds = await time(() => gate.enter({ caller: worker, operation: write, input: {} }))
      commits.push(seconds * 1000)
    }
  }
  const move = async () => {
    const start = performance.now()
    const output = await gate.enter({ caller: worker, operation: sequence, input: {} })
    sequenced.push(performance.now() - start)
    return (output as { more: boolean }).more
  }
  const writing = { done: false }
  const sequencer = async () => {
    while (!writing.done) await move()
    // What came in while the last batch was moved.
    while (await move());
  }
  const sequencing = sequencer()
  await Promise.all(Array.from({ length: callers }, caller))
  writing.done = true
  await sequencing
}

async function makePeers(peer: pg.Client): Promise<void> {
  await peer.query(`create schema bench;
    create table bench.chain (seq bigint primary key, hash bytea not null, body bytea not null);
    create table bench.copied (like ledger.entries including all)`)
}

async function runNaive(peer: pg.Client): Promise<void> {
  for (let i = 0; i < events; i++) {
    const body = encodeEntry(entryOf(i))
    await peer.query('begin')
    const { rows } = await peer.query<{ seq: string; hash: Buffer }>(
      'select seq, hash from bench.chain order by seq desc limit 1 for update',
    )
    const last = rows[0] ?? { seq: '0', hash: Buffer.alloc(32) }
    const next = createHash('sha256').update(last.hash).update(body).digest()
    await peer.query('insert into bench.chain (seq, hash, body) values ($1, $2, $3)', [
      Number(last.seq) + 1,
      next,
      Buffer.from(body),
    ])
    await peer.query('commit')
  }
}

async function runCopy(peer: pg.Client, run: number): Promise<void> {
  const stream = peer.query(
    copyFrom('copy bench.copied (index, ticket, leaf, body) from stdin (format binary)'),
  )
  await pipeline(Readable.from(copyChunks(run)), stream)
}

const head = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])

/** The binary format of COPY, a chunk a batch: hashes and bodies are made as the sequencer's are. */
function* copyChunks(run: number): Generator<Buffer> {
  yield head
  const at = '2026-11-20T12:00:00.000Z'
  for (let i = 0; i < batches; i++) {
    const rows = entries.map((entry, j) => {
      const body = Buffer.from(
        encodeEntry({ action: 'bench.write', actor: 'worker:bench', at, entry }),
      )
      return copyRow(BigInt((run * batches + i) * batch + j), body)
    })
    yield Buffer.concat(rows)
  }
  yield Buffer.from([0xff, 0xff])
}

function copyRow(index: bigint, body: Buffer): Buffer {
  const row = Buffer.alloc(2 + 4 * 4 + 8 + 8 + 32 + body.length)
  let place = row.writeInt16BE(4, 0)
  for (let i = 0; i < 2; i++) place = row.writeBigInt64BE(index, row.writeInt32BE(8, place))
  place = row.writeInt32BE(32, place)
  place += hash('sha256', Buffer.concat([Buffer.of(0), body]), 'buffer').copy(row, place)
  place = row.writeInt32BE(body.length, place)
  body.copy(row, place)
  return row
}

function p99(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.99) - 1]!
}
