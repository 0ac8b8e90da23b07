import pg from 'pg'
import { hashPassword } from './proofs.ts'

export interface Person {
  id: string
  tenant: string
  email: string
  role: string
  password: string
  totp: Buffer | null
  /** The last interval whose code was taken. */
  step: string
}

/** Characters that a password has at least. */
export const least = 10

export async function addPerson(
  pool: pg.Pool,
  { tenant, email, role, password, totp }: Omit<Person, 'id' | 'step'>,
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into sign_in.people (tenant, email, role, password, minimum, totp)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [tenant, email, role, await hashPassword(password), least, totp],
  )
  return rows[0]!.id
}
