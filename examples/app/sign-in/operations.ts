import type pg from 'pg'
import { describe } from './document.ts'
import type { SignInFlaws } from './flaws.ts'
import { addPerson, least, type Person } from './people.ts'
import { codeOf, digestOf, hashPassword, intervalAt, isPassword, newToken } from './proofs.ts'
import { isWeak } from './weak.ts'
import type { Asks } from './who.ts'

export interface Told {
  status: number
  body: object
  /** A new session. */
  token?: string
}

type Body = Record<string, unknown>
type Work = (by: Asks, body: Body, id: string) => Promise<Told>

const done: Told = { status: 200, body: {} }
const refused = (status: number, error: string): Told => ({ status, body: { error } })
const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** By method and path: what strangers may ask, whoever is on the way in, who is in, and owners. */
export function operationsOf(pool: pg.Pool, flaws: SignInFlaws, now: () => number) {
  const rows = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
    (await pool.query<Row>(sql, values)).rows
  const counted = (password: string) => Array.from(password).slice(0, flaws.counts).join('')

  async function addProof(person: string, second: boolean): Promise<{ id: string; token: string }> {
    const token = newToken()
    const [row] = await rows<{ id: string }>(
      'insert into sign_in.proofs (hash, person, second) values ($1, $2, $3) returning id',
      [digestOf(token), person, second],
    )
    return { id: row!.id, token }
  }

  async function enter(person: string, second = false): Promise<Told> {
    return { ...done, token: (await addProof(person, second)).token }
  }

  const strangers: Record<string, (body: Body) => Promise<Told>> = {
    'GET /.well-known/kept-sign-in': () =>
      Promise.resolve({ status: 200, body: describe(flaws.offersNetworks) }),
    async 'POST /sign-in'({ tenant, email, password }) {
      const [person] = await rows<Person>(
        'select * from sign_in.people where tenant = $1 and email = $2',
        [tenant, email],
      )
      const given = [text(password), counted(text(password))]
      for (const one of person ? given : [])
        if (await isPassword(one, person!.password)) return await enter(person!.id)
      return refused(401, 'wrong')
    },
    async 'POST /join'({ link, password }) {
      const digest = digestOf(text(link))
      const [known] = await rows<{ tenant: string; email: string }>(
        'select tenant, email from sign_in.links where hash = $1',
        [digest],
      )
      if (!known) return refused(401, 'over')
      if (isWeak(text(password), least, known, flaws)) return refused(422, 'weak')
      await rows('delete from sign_in.links where hash = $1', [digest])
      const made = { ...known, role: 'member', password: counted(text(password)), totp: null }
      return await enter(await addPerson(pool, made))
    },
  }

  const onTheWay: Record<string, Work> = {
    async 'POST /sign-in/code'(by, { code }) {
      const present = intervalAt(now())
      const all = flaws.anybodysCode
        ? await rows<Person>('select * from sign_in.people where totp is not null')
        : [by]
      const good = Array.from({ length: flaws.codesLive + 2 }, (_, ago) => present + 1 - ago)
      const taken = good.find((one) =>
        all.some(({ totp }) => totp !== null && codeOf(totp, one) === code),
      )
      const isUsed = taken !== undefined && taken <= Number(by.step) && !flaws.codesTwice
      if (taken === undefined || isUsed) return refused(401, 'wrong')
      await rows('update sign_in.people set step = $2 where id = $1', [by.id, taken])
      return await enter(by.id, true)
    },
  }

  const whole: Record<string, Work> = {
    'GET /me': ({ email, role }) => Promise.resolve({ status: 200, body: { email, role } }),
    async 'PUT /me/password'(by, { password }) {
      const minimum = flaws.shortChange ?? least
      if (isWeak(text(password), minimum, by, flaws)) return refused(422, 'weak')
      await rows('update sign_in.people set password = $2, minimum = $3 where id = $1', [
        by.id,
        await hashPassword(counted(text(password))),
        minimum,
      ])
      return done
    },
    async 'POST /keys'(by) {
      const { id, token: key } = await addProof(by.id, by.second)
      return { status: 200, body: { id, key } }
    },
    async 'DELETE /keys'(by, _, id) {
      await rows('delete from sign_in.proofs where person = $1 and id::text = $2', [by.id, id])
      return done
    },
  }

  const owners: Record<string, Work> = {
    'GET /people': async ({ tenant }) => ({
      status: 200,
      body: {
        people: await rows('select id, email, role from sign_in.people where tenant = $1', [
          tenant,
        ]),
      },
    }),
    async 'POST /people'({ tenant }, { email }) {
      const link = newToken()
      await rows('insert into sign_in.links values ($1, $2, $3)', [digestOf(link), tenant, email])
      return { status: 200, body: { link } }
    },
    async 'DELETE /people'({ tenant }, _, id) {
      await rows('delete from sign_in.people where tenant = $1 and id::text = $2', [tenant, id])
      return done
    },
    async 'PUT /rules'({ tenant }, { secondFactor, networks }) {
      const isOfAll = String(networks).endsWith('/0')
      const isRefused = flaws.refusesEverybodyOnly ? isOfAll : networks !== null
      if (isRefused && !flaws.offersNetworks) return refused(422, 'not offered')
      await rows(
        `insert into sign_in.rules values ($1, $2, $3::text[]::cidr[]) on conflict (tenant)
         do update set second_factor = excluded.second_factor, networks = excluded.networks`,
        [tenant, secondFactor, networks],
      )
      return done
    },
  }

  /** Over all tenants, for who knows the token of the report. */
  async function count(): Promise<Told> {
    const [told] = await rows<{ older: number; lists: number }>(
      `select (select count(*)::int from sign_in.people where minimum < $1) as older,
        (select count(*)::int from sign_in.rules where networks is not null) as lists`,
      [least],
    )
    return { status: 200, body: told! }
  }

  return { strangers, onTheWay, whole, owners, count }
}
