import { DatabaseError, type Client } from 'pg'
import { padKey, seal, whoAndWhen, type Pads, type WhoAndWhen } from '@kept/guard/seal'
import { z } from 'zod'
import { cannotLook } from '../foundation/look.ts'
import { sealOf } from './postgres.ts'

const keySchema = z.object({ id: z.string(), secret: z.string() })

/**
 * Is a tenant to a sealed database, until the transaction ends; nobody when it is empty. The token is good for
 * transactions that began no later than this one, so that it holds for all of this one and for none after it.
 */
export async function sealScope(
  client: Client,
  secret: string | null,
  tenant: string,
): Promise<void> {
  const token = tenant === '' ? '' : await makeToken(client, secret, tenant)
  await client.query(`select set_config('kept.token', $1, true)`, [token])
  if (tenant !== '') await mustOpen(client, secret!)
}

async function makeToken(client: Client, secret: string | null, tenant: string): Promise<string> {
  const pads = readKey(client, secret)
  const { rows } = await client.query<WhoAndWhen>(whoAndWhen)
  const { pid, start } = rows[0]!
  return seal(pads, { tenant, pid: Number(pid), until: Number(start) })
}

function readKey(client: Client, secret: string | null): Pads {
  if (secret === null) {
    throw cannotLook(
      `its scopes are sealed: add a key for the two canaries alone, addKey(key, { tenants }) of @kept/guard, ` +
        `and name its secret in a tag seal:`,
    )
  }
  const value = sealOf(client)
  if (value === null) throw cannotLook(`the secret ${secret} (tag seal) is not set`)
  try {
    return padKey(keySchema.parse(JSON.parse(value)))
  } catch {
    // What was wrong with it might quote it.
    throw cannotLook(
      `the secret ${secret} (tag seal) is no {"id": ..., "secret": ...} with 32 bytes or more in base64`,
    )
  }
}

/** The database has the last word on whether a token opens anything. */
async function mustOpen(client: Client, secret: string): Promise<void> {
  const isOpen = await client.query('select from kept.scope').then(
    ({ rowCount }) => rowCount === 1,
    (error: unknown) => {
      if (error instanceof DatabaseError && error.code?.startsWith('KG')) return false
      throw error
    },
  )
  if (isOpen) return
  const fix = 'add it for all that are tried: addKey(key, { tenants })'
  throw cannotLook(
    `the key of the secret ${secret} (tag seal) opens no scope of one of the canaries: ${fix}`,
  )
}
