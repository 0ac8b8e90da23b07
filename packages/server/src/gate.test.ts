import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noon, roles, testKept, type TestKept } from '../test/kept.ts'
import { openRoad } from '../test/road.ts'
import { Failure } from './foundation/failure.ts'
import { operation, type Operation } from './foundation/operation.ts'
import { Transaction, type Actor } from './foundation/transaction.ts'
import { openGate, type Ask, type Gate, type Ports } from './gate.ts'

const person: Actor = { kind: 'person', id: 'cto' }
const other: Actor = { kind: 'person', id: 'lead' }

let kept: TestKept
/** A gate like that of the platform, but for ports that a test changes. */
let gateWith: (ports: Partial<Ports>) => Gate

beforeAll(async () => {
  kept = await testKept()
  const { superuser, server } = kept.as
  await superuser.query('create table public.things (name text primary key, count int default 0)')
  await superuser.query('grant usage on schema public to test_kept_server')
  await superuser.query(`grant select, insert, update on public.things to ${roles.server}`)
  gateWith = (ports) =>
    openGate(server, kept.time, {
      authenticate: () => Promise.resolve({ kind: 'public', id: 'anyone' }),
      authorize: kept.authorization.authorize,
      record: () => Promise.resolve(),
      ...ports,
    })
})
afterAll(() => kept.stop())

const write = operation({
  action: 'things.write',
  says: 'Writes a thing',
  input: z.strictObject({ name: z.string() }),
  output: z.object({ name: z.string(), count: z.number() }),
  entry: ({ name }, { count }) => ({ name, count }),
  run: async (tx, { name }) =>
    (await tx.row<{ name: string; count: number }>`
      insert into public.things (name, count) values (${name}, 1)
      on conflict (name) do update set count = things.count + 1 returning name, count`)!,
})

/** An operation of anybody that does what a test says. */
function doing(run: Operation['run']): Operation {
  return operation({
    action: 'things.do',
    says: 'Does what a test says',
    input: z.strictObject({}),
    output: z.unknown(),
    run,
  })
}

const enter = (asked: Partial<Ask> & Pick<Ask, 'operation'>, gate = kept.gate) =>
  gate.enter({ caller: { actor: person }, input: {}, ...asked })
const things = async (name: string) =>
  (await kept.as.superuser.query('select count from public.things where name = $1', [name])).rows
const waiting = async (name: string) => {
  const { rows } = await kept.as.superuser.query<{ body: Buffer }>('select body from ledger.outbox')
  const entries = rows.map(({ body }) => JSON.parse(body.toString()) as { entry: { name: string } })
  return entries.filter(({ entry }) => entry.name === name)
}

describe('who comes in', () => {
  let looked = 0
  const guarded = operation({
    ...write,
    input: z.unknown().transform((input) => {
      looked++
      return input as { name: string }
    }),
  })

  it.each([
    ['anyone', { kind: 'public', id: 'anyone' }, 'not-signed-in'],
    ['a runner', { kind: 'runner', id: 'ci' }, 'not-allowed'],
  ] as const)('refuses %s before it looks at the input', async (_, actor, code) => {
    looked = 0
    const input = () => {
      looked++
      return { name: 'refused' }
    }
    const asked = enter({ caller: { actor }, operation: guarded, input })
    await expect(asked).rejects.toMatchObject({ code })
    expect(looked).toBe(0)
    expect(await things('refused')).toEqual([])
  })

  it('lets the one in whom a policy permits', async () => {
    looked = 0
    const output = await enter({ operation: guarded, input: () => ({ name: 'allowed' }) })
    expect(output).toEqual({ name: 'allowed', count: 1 })
    expect(looked).toBe(1)
  })

  it('takes the actor that credentials prove, not one that they name', async () => {
    const credentials = {
      method: 'POST',
      url: 'https://kept.test/',
      headers: {},
      address: '127.0.0.1',
      body: Buffer.of(),
    }
    const asWhom = doing((tx) => Promise.resolve(tx.scope.actor))
    const gate = gateWith({ authenticate: () => Promise.resolve(other) })
    expect(await enter({ caller: { credentials }, operation: asWhom }, gate)).toEqual(other)
    const nobody = gateWith({})
    const asked = enter({ caller: { credentials }, operation: write, input: {} }, nobody)
    await expect(asked).rejects.toMatchObject({ code: 'not-signed-in' })
  })
})

describe('what goes in and out', () => {
  it('refuses a field that nobody reads, and says where each problem is', async () => {
    const asked = enter({ operation: write, input: { name: 1, colour: 'red' } })
    await expect(asked).rejects.toMatchObject({
      code: 'bad-input',
      detail: {
        errors: [
          expect.stringMatching(/^\/name: .*string/) as unknown,
          expect.stringMatching(/^\/: .*"colour"/) as unknown,
        ],
      },
    })
    const meant = await enter({ operation: write, input: { name: 'meant' } })
    expect(meant).toMatchObject({ name: 'meant' })
  })

  it.each(['a\0b', 'a\uD800b'])('refuses a text that nothing can hold: %j', async (name) => {
    await expect(enter({ operation: write, input: { name } })).rejects.toMatchObject({
      code: 'bad-input',
      message: '/name: a text may hold neither NUL nor half a character',
    })
  })

  it('lets out only what the output names', async () => {
    const leaking = operation({
      ...write,
      run: () => Promise.resolve({ name: 'leak', count: 1, secret: 'hunter2' }),
    })
    const output = await enter({ operation: leaking, input: { name: 'leak' } })
    expect(output).toEqual({ name: 'leak', count: 1 })
  })

  it('takes an output of another form for a fault of ours, and undoes the work', async () => {
    const wrong = operation({
      ...write,
      async run(tx, input) {
        await write.run(tx, input)
        return { name: input.name } as never
      },
    })
    const asked = enter({ operation: wrong, input: { name: 'misshapen' } })
    await expect(asked).rejects.toMatchObject({ code: 'internal' })
    expect(await things('misshapen')).toEqual([])
  })
})

describe('a write and its entry', () => {
  it('are there together', async () => {
    await enter({ operation: write, input: { name: 'together' } })
    expect(await things('together')).toEqual([{ count: 1 }])
    expect(await waiting('together')).toEqual([
      {
        action: 'things.write',
        actor: 'person:cto',
        at: new Date(noon).toISOString(),
        entry: { name: 'together', count: 1 },
      },
    ])
  })

  it('are undone together when the record fails', async () => {
    const gate = gateWith({ record: () => Promise.reject(new Error('no ink')) })
    const asked = enter({ operation: write, input: { name: 'unrecorded' } }, gate)
    await expect(asked).rejects.toMatchObject({ code: 'internal' })
    expect(await things('unrecorded')).toEqual([])
  })

  it('are undone together when the work fails after it', async () => {
    const failing = operation({
      ...write,
      async run(tx, input) {
        await write.run(tx, input)
        throw new TypeError('out of luck')
      },
    })
    const asked = enter({ operation: failing, input: { name: 'unfinished' } })
    await expect(asked).rejects.toMatchObject({ code: 'internal' })
    expect(await things('unfinished')).toEqual([])
    expect(await waiting('unfinished')).toEqual([])
  })
})

describe('a refusal', () => {
  const refusing = operation({
    ...write,
    refusal: ({ name }, { code }) => (code === 'conflict' ? { name, refused: code } : null),
    async run(tx, input) {
      const done = await write.run(tx, input)
      throw new Failure(input.name === 'worth keeping' ? 'conflict' : 'not-found', done.name)
    },
  })

  it('that others should know of is an entry, and the work is undone', async () => {
    const asked = enter({ operation: refusing, input: { name: 'worth keeping' } })
    await expect(asked).rejects.toMatchObject({ code: 'conflict' })
    expect(await things('worth keeping')).toEqual([])
    expect(await waiting('worth keeping')).toMatchObject([
      { action: 'things.write', entry: { refused: 'conflict' } },
    ])
  })

  it('of any other kind leaves nothing', async () => {
    const asked = enter({ operation: refusing, input: { name: 'any other' } })
    await expect(asked).rejects.toMatchObject({ code: 'not-found' })
    expect(await waiting('any other')).toEqual([])
  })
})

describe('a write sent twice under one key', () => {
  const send = (idempotencyKey: string, name: string, actor = person) =>
    enter({ caller: { actor }, operation: write, input: { name }, idempotencyKey })

  it('is done once and answered alike', async () => {
    const first = await send('one', 'once')
    expect(await send('one', 'once')).toEqual(first)
    expect(await things('once')).toEqual([{ count: 1 }])
    expect(await waiting('once')).toHaveLength(1)
    // Without a key it is another request.
    await enter({ operation: write, input: { name: 'once' } })
    expect(await things('once')).toEqual([{ count: 2 }])
  })

  it('is refused where no reply is kept, before anything is done', async () => {
    let runs = 0
    const silent = doing(() => Promise.resolve(++runs))
    await expect(enter({ operation: silent, idempotencyKey: 'none' })).rejects.toMatchObject({
      code: 'bad-input',
      message: 'things.do keeps no replies, so an Idempotency-Key does nothing',
    })
    expect(runs).toBe(0)
    expect(await enter({ operation: silent })).toBe(1)
  })

  it('is refused when it asks for something else', async () => {
    await send('two', 'this')
    await expect(send('two', 'that')).rejects.toMatchObject({ code: 'key-reused' })
    expect(await things('that')).toEqual([])
  })

  it('is done once when both come at once', async () => {
    const outputs = await Promise.all(Array.from({ length: 5 }, () => send('three', 'at once')))
    expect(outputs).toEqual(Array.from({ length: 5 }, () => ({ name: 'at once', count: 1 })))
    expect(await things('at once')).toEqual([{ count: 1 }])
  })

  it('is another request when another actor sends it', async () => {
    await send('four', 'shared')
    expect(await send('four', 'shared', other)).toEqual({ name: 'shared', count: 2 })
  })

  it('may be sent again when it failed', async () => {
    const gate = gateWith({ record: () => Promise.reject(new Error('no ink')) })
    const asked = { operation: write, input: { name: 'retried' }, idempotencyKey: 'five' }
    await expect(enter(asked, gate)).rejects.toMatchObject({ code: 'internal' })
    expect(await enter(asked)).toEqual({ name: 'retried', count: 1 })
  })

  it('is forgotten after a day', async () => {
    await send('six', 'daily')
    kept.time.advance(86_400_001)
    await send('seven', 'other day')
    expect(await send('six', 'daily')).toEqual({ name: 'daily', count: 2 })
  })
})

describe('a transaction', () => {
  it('is tried again after a deadlock', async () => {
    await enter({ operation: write, input: { name: 'left' } })
    await enter({ operation: write, input: { name: 'right' } })
    let runs = 0
    let both = () => {}
    const locked = new Promise<void>((resolve) => (both = resolve))
    let holders = 0
    const crossing = (first: string, second: string) =>
      doing(async (tx) => {
        runs++
        await tx.rows`update public.things set count = count + 10 where name = ${first}`
        if (++holders === 2) both()
        await locked
        await tx.rows`update public.things set count = count + 10 where name = ${second}`
        return 'crossed'
      })
    const outputs = await Promise.all([
      enter({ operation: crossing('left', 'right') }),
      enter({ operation: crossing('right', 'left') }),
    ])
    expect(outputs).toEqual(['crossed', 'crossed'])
    expect(runs, 'one of them had to begin again').toBeGreaterThan(2)
    expect(await things('left')).toEqual([{ count: 21 }])
    expect(await things('right')).toEqual([{ count: 21 }])
  })

  it('is given up after the third deadlock, and other errors are not tried again', async () => {
    let runs = 0
    const raising = (code: string) =>
      doing(() => {
        runs++
        return Promise.reject(Object.assign(new Error('raised'), { code }))
      })
    await expect(enter({ operation: raising('40001') })).rejects.toMatchObject({ code: 'internal' })
    expect(runs).toBe(3)
    await expect(enter({ operation: raising('23505') })).rejects.toMatchObject({ code: 'internal' })
    expect(runs).toBe(4)
  })

  it('takes no query once it is over, whether it committed or not', async () => {
    const smuggled: Transaction[] = []
    const smuggle = (end: () => unknown) =>
      doing(async (tx) => {
        smuggled.push(tx)
        await tx.rows`select 1`
        return end()
      })
    await enter({ operation: smuggle(() => 'committed') })
    const failing = smuggle(() => {
      throw new Error('rolled back')
    })
    await expect(enter({ operation: failing })).rejects.toThrow('something went wrong')
    expect(smuggled).toHaveLength(2)
    for (const tx of smuggled) {
      await expect(tx.rows`select 1`).rejects.toMatchObject({ message: 'this transaction is over' })
    }
  })

  it('cannot be made by hand', () => {
    const scope = { actor: person, now: noon, tenant: null }
    // @ts-expect-error only `transact` has the key
    expect(() => new Transaction(Symbol('transaction'), {} as pg.PoolClient, scope)).toThrow(
      'opened by the gate',
    )
  })

  it('searches no schema, so that nothing can stand in for a table', async () => {
    const path = doing(async (tx) => tx.row`select current_setting('search_path') as path`)
    expect(await enter({ operation: path })).toEqual({ path: '' })
    const bare = doing((tx) => tx.rows`select count from things`)
    await expect(enter({ operation: bare })).rejects.toMatchObject({ cause: { code: '42P01' } })
    const full = doing((tx) => tx.rows`select count from public.things limit 1`)
    expect(await enter({ operation: full })).toHaveLength(1)
  })

  it('says who acts while it lasts, and no longer', async () => {
    const who = doing(
      async (tx) => tx.row`select current_setting('kept.actor') as actor, pg_backend_pid() as pid`,
    )
    const { actor, pid } = (await enter({ operation: who })) as { actor: string; pid: number }
    expect(actor).toBe('person:cto')
    const pool = kept.as.server
    const clients = await Promise.all(Array.from({ length: 5 }, () => pool.connect()))
    const left = await Promise.all(
      clients.map((client) =>
        client.query<{ actor: string; pid: number }>(
          `select current_setting('kept.actor', true) as actor, pg_backend_pid() as pid`,
        ),
      ),
    )
    clients.forEach((client) => client.release())
    const same = left.map(({ rows }) => rows[0]!).find((row) => row.pid === pid)
    expect(same).toEqual({ actor: '', pid })
  })
})

it('gives a statement of a request less time than one of a job', async () => {
  const limit = doing((tx) => tx.row`select current_setting('statement_timeout') as limit`)
  expect(await enter({ operation: limit })).toEqual({ limit: '8s' })
  const worker = { actor: { kind: 'worker', id: 'worker' } } as const
  expect(await enter({ operation: limit, caller: worker })).toEqual({ limit: '1min' })
})

describe('while the database is away', () => {
  it('fails clearly, and recovers by itself', async () => {
    const road = await openRoad(kept.urls.server)
    const pool = new pg.Pool({ connectionString: road.url, max: 3, connectionTimeoutMillis: 2000 })
    const ended: string[] = []
    pool.on('error', () => ended.push('idle'))
    pool.on('connect', (client) => client.on('error', () => ended.push('busy')))
    const gate = openGate(pool, kept.time, {
      authenticate: () => Promise.resolve(person),
      authorize: () => true,
      record: () => Promise.resolve(),
    })
    const one = doing((tx) => tx.row`select 1 as one`)
    try {
      expect(await enter({ operation: one }, gate)).toEqual({ one: 1 })
      let begun = () => {}
      const asleep = new Promise<void>((resolve) => (begun = resolve))
      const sleeping = enter(
        {
          operation: doing((tx) => {
            begun()
            return tx.rows`select pg_sleep(60)`
          }),
        },
        gate,
      )
      await asleep
      const [, during] = await Promise.allSettled([road.close(), sleeping])
      expect(during).toMatchObject({ reason: { code: 'database-away' } })
      await expect(enter({ operation: one }, gate)).rejects.toMatchObject({ code: 'database-away' })
      await road.open()
      expect(await enter({ operation: one }, gate)).toEqual({ one: 1 })
      expect(ended.length).toBeGreaterThan(0)
    } finally {
      await pool.end()
      await road.close()
    }
  })
})
