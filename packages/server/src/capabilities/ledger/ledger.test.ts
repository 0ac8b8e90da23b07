import {
  emptyEdge,
  formatTilePath,
  growTiles,
  hashLeaf,
  openCheckpoint,
  parseVerifierKey,
  tilesBetween,
  verifyConsistency,
  verifyInclusion,
  type Hash,
} from '@kept/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testKept, testLog, type TestKept } from '../../../test/kept.ts'
import { operation } from '../../foundation/operation.ts'
import { append, appendAll } from './append.ts'
import { ledgerOperations } from './operations.ts'

const operations = ledgerOperations(testLog, [])
const keys = [parseVerifierKey(testLog.key)]

const write = operation({
  action: 'tests.write',
  says: 'Writes entries in one transaction',
  input: z.strictObject({ names: z.array(z.string()), fails: z.boolean().default(false) }),
  output: z.object({ tickets: z.array(z.string()) }),
  async run(tx, { names, fails }) {
    const [first, ...rest] = names
    const tickets = [
      await append(tx, 'tests.write', first!),
      ...(await appendAll(tx, 'tests.write', rest)),
    ]
    if (fails) throw new Error('the caller fails after its entries')
    return { tickets: tickets.map(String) }
  },
})

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix} ${i}`)
const readNames = async (kept: TestKept) => {
  const { rows } = await kept.as.owner.query<{ ticket: string; body: Buffer }>(
    'select ticket, body from ledger.entries order by index',
  )
  return rows.map(({ ticket, body }) => ({
    ticket: Number(ticket),
    name: (JSON.parse(body.toString()) as { entry: string }).entry,
  }))
}

describe('sequencing', () => {
  let kept: TestKept
  const written: string[] = []
  const sequence = () => kept.ask('worker', operations.sequence, {})
  const writeAll = async (prefix: string, count: number) => {
    await kept.ask('operator', write, { names: names(prefix, count) })
    written.push(...names(prefix, count))
  }

  beforeAll(async () => {
    kept = await testKept()
  })
  afterAll(() => kept.stop())

  it('does nothing and signs nothing when nothing waits', async () => {
    expect(await sequence()).toEqual({ more: false })
    const { rows } = await kept.as.owner.query('select from ledger.checkpoints')
    expect(rows).toHaveLength(0)
  })

  it('leaves out what its caller rolled back', async () => {
    const asked = kept.ask('operator', write, { names: ['never'], fails: true })
    await expect(asked).rejects.toMatchObject({ code: 'internal' })
    expect(await sequence()).toEqual({ more: false })
  })

  it('keeps the order of each caller and loses nothing, with callers and sequencers at once', async () => {
    await Promise.all([
      ...['a', 'b', 'c', 'd'].map((prefix) => writeAll(prefix, 80)),
      sequence(),
      sequence(),
      sequence(),
    ])
    await writeAll('late', 5)
    await sequence()
    const entries = await readNames(kept)
    for (const prefix of ['a', 'b', 'c', 'd', 'late']) {
      const own = entries.filter(({ name }) => name.startsWith(`${prefix} `))
      expect(own.map(({ name }) => name)).toEqual(names(prefix, prefix === 'late' ? 5 : 80))
    }
    expect(entries).toHaveLength(written.length)
    const { rows } = await kept.as.owner.query('select from ledger.outbox')
    expect(rows).toHaveLength(0)
  })

  it('tells for how long the oldest entry has waited', async () => {
    const waiting = async () => (await kept.ask('public', operations.showKey, {})).waiting
    expect(await waiting()).toBe(0)
    await writeAll('waits', 1)
    kept.time.advance(90_000)
    await writeAll('waits', 1)
    expect(await waiting()).toBe(90)
    await sequence()
    expect(await waiting()).toBe(0)
    await kept.as.server.query(`insert into ledger.outbox (body) values ('no entry')`)
    expect(await waiting()).toBe(0)
    await kept.as.owner.query(`delete from ledger.outbox`)
  })

  it('tells whether more waits than a batch holds', async () => {
    await writeAll('many', 2100)
    expect(await sequence()).toEqual({ more: true })
    for (let more = true; more;) ({ more } = await sequence())
    const { rows } = await kept.as.owner.query('select from ledger.outbox')
    expect(rows).toHaveLength(0)
  })

  it('signs a checkpoint for each batch, and forgets none', async () => {
    const { rows } = await kept.as.owner.query<{ size: string; note: string }>(
      'select size, note from ledger.checkpoints order by size',
    )
    expect(rows.length).toBeGreaterThanOrEqual(4)
    for (const { size, note } of rows) {
      expect(openCheckpoint(note, { origin: testLog.origin, keys }).size).toBe(Number(size))
    }
    expect(Number(rows.at(-1)!.size)).toBe(written.length)
    const first = rows[0]!
    const again = await kept.ask('public', operations.showCheckpoint, { size: Number(first.size) })
    expect(again.body).toBe(first.note)
  })

  it('hands out over HTTP the tiles that anybody would make of its entries', async () => {
    const address = await kept.serve()
    const { rows } = await kept.as.owner.query<{ body: Buffer }>(
      'select body from ledger.entries order by index',
    )
    const size = rows.length
    const { tiles } = growTiles(
      emptyEdge,
      rows.map(({ body }) => hashLeaf(body)),
    )
    expect(tiles.some(({ address }) => address.level === 1)).toBe(true)
    for (const { address: place, bytes } of tiles) {
      const answer = await fetch(`${address}/ledger/${formatTilePath(place)}`)
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes), formatTilePath(place)).toBe(
        true,
      )
      expect(answer.headers.get('cache-control')).toContain('immutable')
    }
    for (const place of tilesBetween(0, size).filter(({ level }) => level === 'entries')) {
      const answer = await fetch(`${address}/ledger/${formatTilePath(place)}`)
      const bundle = Buffer.from(await answer.arrayBuffer())
      const [from, to] = [place.index * 256, place.index * 256 + place.width]
      const bodies = rows.slice(from, to).map(({ body }) => {
        const length = Buffer.alloc(2)
        length.writeUInt16BE(body.length)
        return Buffer.concat([length, body])
      })
      expect(bundle.equals(Buffer.concat(bodies)), formatTilePath(place)).toBe(true)
    }
  })

  it.each([
    ['a tile beyond the end', 'tile/0/x001/000'],
    ['a wider partial tile than there is', 'tile/1/000.p/255'],
    ['a path with a leading zero', 'tile/0/000.p/010'],
    ['no tile', 'tile/x/000'],
    ['an entry beyond the end', 'entries/100000'],
    ['a checkpoint that was never signed', 'checkpoint?size=1'],
  ])('has nothing at %s', async (_, path) => {
    const address = await kept.serve()
    expect((await fetch(`${address}/ledger/${path}`)).status).toBe(404)
    expect((await fetch(`${address}/ledger/checkpoint`)).status).toBe(200)
  })

  it('proves each entry, and that each checkpoint grew from each before it', async () => {
    const { body } = await kept.ask('public', operations.showCheckpoint, {})
    const newest = openCheckpoint(body as string, { origin: testLog.origin, keys })
    for (const index of [0, 1, 255, 256, 300, newest.size - 1]) {
      const proof = await kept.ask('public', operations.proveEntry, { index })
      const { size, root } = openCheckpoint(proof.checkpoint, { origin: testLog.origin, keys })
      const inclusion = { index, size, root, proof: proof.path.map(fromBase64) }
      const leaf = hashLeaf(fromBase64(proof.entry))
      expect(verifyInclusion({ ...inclusion, leaf }), `entry ${index}`).toBe(true)
      const other = hashLeaf(fromBase64(proof.entry).subarray(1))
      expect(verifyInclusion({ ...inclusion, leaf: other })).toBe(false)
    }
    const { rows } = await kept.as.owner.query<{ note: string }>(
      'select note from ledger.checkpoints order by size',
    )
    const roots = rows.map(({ note }) => openCheckpoint(note, { origin: testLog.origin, keys }))
    for (const before of roots) {
      const [first, second] = [before.size, newest.size]
      const { path } = await kept.ask('public', operations.proveGrowth, { first, second })
      const proof = path.map(fromBase64)
      const claim = { first, second, firstRoot: before.root, secondRoot: newest.root, proof }
      expect(verifyConsistency(claim), `${first} to ${second}`).toBe(true)
    }
  })
})

function fromBase64(text: string): Hash {
  return Buffer.from(text, 'base64')
}

describe('what was said stays said', () => {
  let kept: TestKept
  beforeAll(async () => {
    kept = await testKept()
    await kept.ask('operator', write, { names: names('entry', 300) })
    await kept.ask('worker', operations.sequence, {})
  })
  afterAll(() => kept.stop())

  const check = async () => {
    kept.time.advance(1)
    return (await kept.ask('operator', operations.check, {})).findings.map(({ code }) => code)
  }

  const tables = ['entries', 'subtrees', 'checkpoints'] as const
  const edits = {
    entries: "update ledger.entries set body = 'x'",
    subtrees: "update ledger.subtrees set hash = sha256('x')",
    checkpoints: "update ledger.checkpoints set note = 'x'",
  }
  const attempts = tables.flatMap((table) =>
    [edits[table], `delete from ledger.${table}`, `truncate ledger.${table} cascade`].flatMap(
      (statement) => (['server', 'owner'] as const).map((role) => [role, statement] as const),
    ),
  )

  it.each(attempts)('the %s may not: %s', async (role, statement) => {
    await expect(kept.as[role].query(statement)).rejects.toMatchObject({ code: '42501' })
  })

  // What the server's role could do to a log that it may only ever hand entries to.
  it.each([
    ['take an entry away before it is sequenced', 'delete from ledger.outbox', '42501'],
    ['change an entry before it is sequenced', "update ledger.outbox set body = 'x'", '42501'],
    [
      'put an entry where it likes',
      `insert into ledger.entries (index, ticket, leaf, body)
       values (1000000, 1000000, sha256('x'), 'x')`,
      '42501',
    ],
    [
      'add a checkpoint beyond the end',
      `insert into ledger.checkpoints values (99999999, 'forged', now())`,
      '42501',
    ],
    ['add one in the middle', `insert into ledger.checkpoints values (17, 'x', now())`, '42501'],
    [
      'add a subtree where the next one belongs',
      `insert into ledger.subtrees select 1, size / 256, sha256('x') from ledger.head`,
      '42501',
    ],
    ['send the head ahead', 'update ledger.head set size = size + 1', '42501'],
    ['send the head back', 'update ledger.head set size = size - 1', '42501'],
    ['add a head', `insert into ledger.head values (false, 0, '{}')`, '42501'],
  ])('the server may not %s', async (_, statement, code) => {
    await kept.ask('operator', write, { names: ['waits'] })
    await expect(kept.as.server.query(statement)).rejects.toMatchObject({ code })
    await kept.ask('worker', operations.sequence, {})
  })

  it('goes on from nothing that it did not sign, and goes on once that is put right', async () => {
    await kept.ask('operator', write, { names: ['after the damage'] })
    const { rows } = await kept.as.owner.query<{ size: string; hashes: Buffer[] }>(
      'select size, hashes from ledger.head',
    )
    const { hashes } = rows[0]!
    const other = hashes.map(() => Buffer.alloc(32, 7))
    const setHead = (to: Buffer[]) =>
      kept.as.server.query('update ledger.head set hashes = $1', [to])
    for (const wrong of [other, [], hashes.slice(1)]) {
      await setHead(wrong)
      await expect(kept.ask('worker', operations.sequence, {})).rejects.toMatchObject({
        code: 'internal',
        message: 'the ledger does not end as its newest checkpoint says',
      })
    }
    await setHead(hashes)
    await expect(kept.ask('worker', operations.sequence, {})).resolves.toEqual({ more: false })
    expect((await readNames(kept)).at(-1)!.name).toBe('after the damage')
    expect(await check()).toEqual([])
  })

  it('adds the same subtrees, whoever asks for them first', async () => {
    await kept.ask('operator', write, { names: names('more', 300) })
    await kept.as.server.query('select ledger.move_entries(400), ledger.add_subtrees()')
    await kept.as.server.query('select ledger.add_subtrees()')
    await kept.ask('operator', write, { names: names('after', 300) })
    await kept.ask('worker', operations.sequence, {})
    const { rows } = await kept.as.owner.query('select index from ledger.subtrees order by index')
    expect(rows.length).toBeGreaterThan(2)
    expect(await check()).toEqual([])
  })

  it('takes in what was moved without a checkpoint', async () => {
    await kept.ask('operator', write, { names: ['moved alone'] })
    await kept.as.server.query('select ledger.move_entries(10)')
    await kept.ask('operator', write, { names: ['moved with it'] })
    await kept.ask('worker', operations.sequence, {})
    expect((await readNames(kept)).slice(-2).map(({ name }) => name)).toEqual([
      'moved alone',
      'moved with it',
    ])
    expect(await check()).toEqual([])
  })

  it('the worker’s role sees nothing of it', async () => {
    await expect(kept.as.worker.query('select from ledger.entries')).rejects.toMatchObject({
      code: '42501',
    })
    await expect(kept.as.worker.query('select from graphile_worker.jobs')).resolves.toBeTruthy()
  })

  // What only a superuser can do, with every trigger asleep; the way back is the copy it made.
  it.each([
    ['edits an entry', `update ledger.entries set body = body || 'x' where index = 17`],
    [
      'edits an entry and its hash',
      `update ledger.entries set body = 'x', leaf = sha256('\\x00'::bytea || 'x') where index = 17`,
    ],
    ['removes an entry', `delete from ledger.entries where index = 17`],
    ['removes the last entry', `delete from ledger.entries where index = 299`],
    [
      'removes an entry and closes the gap',
      `delete from ledger.entries where index = 17;
       update ledger.entries set index = index - 1000 where index > 17;
       update ledger.entries set index = index + 999 where index < 0`,
    ],
    [
      'has two entries change places',
      `update ledger.entries set index = -1 where index = 17;
       update ledger.entries set index = 17 where index = 203;
       update ledger.entries set index = 203 where index = -1`,
    ],
    ['edits a subtree', `update ledger.subtrees set hash = sha256('x')`],
    ['edits a checkpoint', `update ledger.checkpoints set note = replace(note, '300', '299')`],
    ['removes every checkpoint', `delete from ledger.checkpoints`],
    [
      'removes a checkpoint in the middle',
      `delete from ledger.checkpoints where number = (select max(number) - 1 from ledger.checkpoints)`,
    ],
    [
      'cuts the entries and the head, and leaves the checkpoints',
      `delete from ledger.entries where index >= 290; update ledger.head set size = 290`,
    ],
    [
      'cuts the entries and the checkpoints, and leaves the head',
      `delete from ledger.entries where index >= 300; delete from ledger.checkpoints where size > 300`,
    ],
    [
      'cuts all three, but not what earlier looks saw',
      `delete from ledger.entries where index >= 300; delete from ledger.checkpoints where size > 300;
       update ledger.head set size = 300`,
    ],
  ])('is found damaged when somebody %s, and whole after the repair', async (_, damage) => {
    expect(await check()).toEqual([])
    const client = await kept.as.superuser.connect()
    try {
      await client.query(`set session_replication_role = replica;
        alter table ledger.entries drop constraint entries_index_check`)
      const all = [...tables, 'head']
      for (const table of all)
        await client.query(`create temp table kept_${table} as table ledger.${table}`)
      await client.query(damage)
      expect((await check()).length).toBeGreaterThan(0)
      for (const table of all) {
        await client.query(`delete from ledger.${table};
          insert into ledger.${table} table kept_${table}; drop table kept_${table}`)
      }
    } finally {
      await client.query(`alter table ledger.entries add check (index >= 0)`)
      client.release(true)
    }
    expect(await check()).toEqual([])
  })

  it('keeps what each look found', async () => {
    const { rows } = await kept.as.owner.query<{ damaged: number; whole: number }>(
      `select count(*) filter (where findings <> '[]')::int as damaged,
         count(*) filter (where findings = '[]')::int as whole from ledger.checks`,
    )
    expect(rows).toEqual([{ damaged: 13, whole: 29 }])
  })

  it('is looked over once a day, unasked', async () => {
    const looks = async () => {
      const { rows } = await kept.as.owner.query<{ count: number }>(
        'select count(*)::int as count from ledger.checks',
      )
      return rows[0]!.count
    }
    const before = await looks()
    await kept.work()
    expect(await looks()).toBe(before)
    kept.time.advance(86_400_000)
    await kept.work()
    await kept.work()
    expect(await looks()).toBe(before + 1)
  })
})
