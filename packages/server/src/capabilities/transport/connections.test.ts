import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as secure } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeAuthority, type Authority } from '../../../test/certificates.ts'
import { system, Watch } from '../../../test/looking.ts'
import { startPostgres, strictAccess, type TestPostgres } from '../../../test/postgres.ts'
import { connectionsCollector } from './collect.ts'

let authority: Authority
let postgres: TestPostgres
const strictSuites = 'HIGH:!aNULL'

beforeAll(async () => {
  authority = await makeAuthority()
  postgres = await startPostgres({ certificate: await authority.issue({ key: 2048 }) })
  await postgres.sql(`create role reader login password 'secret'; grant pg_read_all_stats to reader;
    create role app login password 'secret'`)
}, 60_000)
afterAll(() => postgres.stop())
beforeEach(async () => {
  await postgres.allow(strictAccess)
  await postgres.set('ssl_ciphers', strictSuites)
})

const watch = () => new Watch(connectionsCollector, system({ type: 'database', secret: 'DB' }))
const look = (watching: Watch) =>
  watching.look({
    authorities: [authority.pem],
    secrets: { DB: postgres.url('reader', 'postgres') },
  })
const promised = (watching: Watch) => watching.verdict('encryption.database-connections')
/** For pg, which would connect what is connected already, and wait for that. */
const asStream = (socket: Socket) => () =>
  Object.assign(socket, { connect: () => setImmediate(() => socket.emit('connect')) })
const login = { user: 'app', password: 'secret', database: 'postgres' }

/** A session over TLS with one suite, as no careful client would take it. */
async function connectWith(suite: string) {
  const socket = connect(postgres.port, '127.0.0.1')
  socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]))
  await once(socket, 'data')
  const hollow = secure({
    socket,
    ciphers: `${suite}:@SECLEVEL=0`,
    maxVersion: 'TLSv1.2',
    rejectUnauthorized: false,
  })
  await once(hollow, 'secureConnect')
  return await postgres.connect({ ...login, stream: asStream(hollow) })
}

describe('database.connections', () => {
  it.each([
    ['NULL-SHA256', /rsa with null/],
    ['AECDH-AES256-SHA', /ecdh-anon with aes-256-cbc/],
  ])('takes a session with %s for plain, and its offer for a way in', async (suite, why) => {
    const watching = watch()
    await look(watching)
    expect(promised(watching)).toBe('kept')
    await postgres.set('ssl_ciphers', `HIGH:-aNULL:${suite}:@SECLEVEL=0`)
    const offered = await look(watching)
    expect(offered).toMatchObject({ outcome: 'fail', measured: { plain: 0, plainRefused: false } })
    expect(offered.note).toMatch(why)
    const client = await connectWith(suite)
    await postgres.set('ssl_ciphers', strictSuites)
    const used = await look(watching)
    expect(used).toMatchObject({ outcome: 'fail', measured: { sessions: 1, plain: 1 } })
    expect(promised(watching)).toBe('broken')
    await client.end()
    await expect.poll(async () => (await look(watching)).measured['sessions']).toBe(0)
    expect(promised(watching)).toBe('kept')
  })

  describe('with the rules of the server', () => {
    beforeAll(() =>
      postgres.sql(`grant select on pg_hba_file_rules to reader;
        grant execute on function pg_hba_file_rules() to reader`),
    )
    afterAll(() => postgres.sql('revoke all on pg_hba_file_rules from reader'))

    it.each([
      'hostnossl all app 127.0.0.2/32 trust',
      'host all app 127.0.0.2/32 scram-sha-256',
      'hostnogssenc all all 10.0.0.0/8 md5',
      'host replication all 10.0.0.0/8 scram-sha-256',
      'host all all ::/0 scram-sha-256',
      'host all all db.example.com scram-sha-256',
      'host all guest samenet scram-sha-256',
    ])('sees %s, and that it is gone', async (rule) => {
      const watching = watch()
      expect(await look(watching)).toEqual({
        outcome: 'pass',
        measured: { sessions: 0, plain: 0, plainRefused: true, rulesRead: true },
      })
      expect(promised(watching)).toBe('kept')
      // Neither another network nor another database, nor what comes after it, takes a rule away.
      await postgres.allow([
        'hostnossl all all 192.168.0.0/16 reject',
        'hostnossl other all all reject',
        'hostnossl all somebody all reject',
        'hostnossl all all example.com reject',
        rule,
        ...strictAccess,
        'hostnossl all all all reject',
      ])
      const seen = await look(watching)
      expect(seen).toMatchObject({ outcome: 'fail', measured: { plainRefused: false } })
      expect(seen.note).toMatch(
        /^pg_hba\.conf lets in plain connections: host[a-z]* .* \(line 6\)$/,
      )
      expect(promised(watching)).toBe('broken')
      await postgres.allow(strictAccess)
      expect(await look(watching)).toMatchObject({ outcome: 'pass' })
      expect(promised(watching)).toBe('kept')
    })

    it.each([
      ['hostnossl all all 0.0.0.0/0 reject', 'hostnossl all all ::/0 reject'],
      ['hostnossl all,replication all all reject'],
      ['host all app 10.0.0.0/8 reject', 'hostnossl all all all reject'],
    ])('is not disturbed by rules behind %s', async (...bars) => {
      await postgres.allow([
        ...bars,
        'host all app 10.1.0.0/16 scram-sha-256',
        'host all all all scram-sha-256',
        ...strictAccess,
      ])
      expect(await look(watch())).toMatchObject({ outcome: 'pass', measured: { rulesRead: true } })
    })

    it('knows nothing of rules with an error in them', async () => {
      await postgres.allow([...strictAccess, 'hostssl all all nonsense/99 trust'])
      const seen = await look(watch())
      expect(seen).toMatchObject({ outcome: 'inconclusive' })
      expect(seen.note).toMatch(/error in line 3/)
    })
  })

  it('says that it tried from one address alone where it may not read the rules', async () => {
    await postgres.allow(['hostnossl all app 127.0.0.2/32 trust', ...strictAccess])
    const seen = await look(watch())
    expect(seen.measured).toEqual({ sessions: 0, plain: 0, plainRefused: true, rulesRead: false })
    // What it cannot see is there.
    const socket = connect({ port: postgres.port, host: '127.0.0.1', localAddress: '127.0.0.2' })
    await once(socket, 'connect')
    const client = await postgres.connect({ ...login, stream: asStream(socket) })
    await client.end()
  })
})
