import type { IncomingMessage } from 'node:http'
import { BlockList, isIPv4 } from 'node:net'
import type pg from 'pg'
import type { SignInFlaws } from './flaws.ts'
import type { Person } from './people.ts'
import { digestOf } from './proofs.ts'

export interface Asks extends Person {
  second: boolean
  /** Whether all is proved that their tenant asks for now. */
  isWhole: boolean
}

/** Who brings a session or a key, from where they may come. */
export async function whoAsks(
  pool: pg.Pool,
  request: IncomingMessage,
  flaws: SignInFlaws,
): Promise<Asks | null> {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const token = bearer ?? /session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const { rows } = await pool.query<
    Person & { second: boolean; asked: boolean; networks: string[] | null }
  >(
    `select people.*, second, coalesce(second_factor, false) as asked, networks::text[]
     from sign_in.proofs join sign_in.people on people.id = person
     left join sign_in.rules on rules.tenant = people.tenant where hash = $1`,
    [digestOf(token)],
  )
  const [row] = rows
  if (!row || !comesFrom(row.networks, addressOf(request, flaws))) return null
  const passes =
    (bearer !== undefined && flaws.keysNeedNoFactor) ||
    (row.totp === null && flaws.asksOnlyWhoEnrolled)
  return { ...row, isWhole: !row.asked || row.second || passes }
}

function addressOf({ headers, socket }: IncomingMessage, flaws: SignInFlaws): string {
  const said = headers['x-forwarded-for']
  return flaws.believesForwarded && typeof said === 'string' ? said : socket.remoteAddress!
}

function comesFrom(networks: string[] | null, address: string): boolean {
  if (networks === null) return true
  const list = new BlockList()
  for (const network of networks) {
    const [host = '', bits] = network.split('/')
    list.addSubnet(host, Number(bits), isIPv4(host) ? 'ipv4' : 'ipv6')
  }
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}
