/** Test support: the sign-in of the example app on a database of its own, and its canaries. */
import { randomBytes } from 'node:crypto'
import { Secret } from 'otpauth'
import pg from 'pg'
import { testDatabase } from '@kept/postgres/testing'
import { addPerson } from '../../../examples/app/sign-in/people.ts'
import { hashPassword } from '../../../examples/app/sign-in/proofs.ts'
import { schema, startSignIn, type SignIn } from '../../../examples/app/sign-in/sign-in.ts'
import type { CollectorContext } from '../src/foundation/capability.ts'
import { stillTime, type MovableTime } from '../src/foundation/time.ts'
import { context, system } from './looking.ts'

const template = {
  name: 'example-sign-in',
  async prepare(url: string) {
    const pool = new pg.Pool({ connectionString: url, max: 1 })
    await pool.query(schema)
    await pool.end()
  },
}

export async function openExample(time: MovableTime = stillTime(Date.UTC(2026, 10, 20, 12))) {
  const database = await testDatabase(template)
  const pool = new pg.Pool({ connectionString: database.url, max: 2 })
  const report = randomBytes(16).toString('hex')
  const app: SignIn = await startSignIn({ database: database.url, report, now: () => time.now() })
  const add = async (tenant: string, name: string, role: 'owner' | 'member') => {
    const totp = randomBytes(20)
    const email = `${name}@${tenant}.test`
    const password = `Lantern-${randomBytes(8).toString('hex')}`
    await addPerson(pool, { tenant, email, role, password, totp })
    const base32 = new Secret({ buffer: new Uint8Array(totp).buffer }).base32
    return { email, password, totp: base32, tenant, report }
  }
  const signIn = {
    owner: await add('canary', 'owner', 'owner'),
    member: await add('canary', 'member', 'member'),
    closed: { ...(await add('closed', 'owner', 'owner')), listed: '203.0.113.9' },
  }
  await pool.query(`insert into sign_in.rules values
    ('canary', false, null), ('closed', false, '{203.0.113.0/24}')`)
  const secrets: Record<string, string> = { APP: JSON.stringify({ a: 'x', b: 'y', signIn }) }
  return {
    app,
    pool,
    time,
    signIn,
    secrets,
    subject: system({ type: 'service', id: 'app', address: app.url, secret: 'APP' }),
    given(signal?: AbortSignal): CollectorContext {
      const made = context({ now: time.now(), secrets, ...(signal && { signal }) })
      const pause = (milliseconds: number) => Promise.resolve(time.advance(milliseconds))
      return { ...made, outside: { ...made.outside, pause } }
    },
    /** Whose password was kept wrong sets it again. */
    async setAgain() {
      for (const { email, password } of Object.values(signIn))
        await pool.query('update sign_in.people set password = $2 where email = $1', [
          email,
          await hashPassword(password),
        ])
    },
    async stop() {
      await app.stop()
      await pool.end()
      await database.drop()
    },
  }
}
