import { argon2, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }

/** Argon2id, with its salt in front. */
export async function hashPassword(password: string, salt = randomBytes(16)): Promise<string> {
  const tag = await derive('argon2id', { ...cost, message: password, nonce: salt })
  return `${salt.toString('hex')}$${Buffer.from(tag).toString('hex')}`
}

export async function isPassword(password: string, kept: string): Promise<boolean> {
  const made = await hashPassword(password, Buffer.from(kept.split('$')[0]!, 'hex'))
  return timingSafeEqual(Buffer.from(made), Buffer.from(kept))
}

export function newToken(): string {
  return randomBytes(24).toString('base64url')
}

export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** The interval that it is now: RFC 6238, 30 seconds. */
export function intervalAt(instant: number): number {
  return Math.floor(instant / 30_000)
}

/** RFC 4226, section 5.3. */
export function codeOf(secret: Buffer, interval: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(interval))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const word = mac.readUInt32BE(mac.at(-1)! & 15) & 0x7fff_ffff
  return String(word % 1_000_000).padStart(6, '0')
}
