import { randomUUID } from 'node:crypto'
// Not by name: dns.setServers puts new functions in the place of those that were imported.
import dns from 'node:dns/promises'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { cannotLook } from '../../foundation/look.ts'
import { codeOf, dial, resolve, until, type Way } from '../../outside/reach.ts'
import { mustReachNameServers } from './names.ts'

/**
 * Asks the mail server of an address why it takes no mail for it; null when it does. Nothing is sent
 * (RFC 5321, 4.1.1).
 */
export async function askMailbox(way: Way, address: string, port: number): Promise<string | null> {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const exchanges = await mailServers(way, domain)
  if (typeof exchanges === 'string') return exchanges
  let why = `${domain} has no mail server within reach`
  for (const exchange of exchanges) {
    for (const ip of await resolve(way, exchange)) {
      const socket = await dial(way, { host: exchange, port, address: ip })
      if ('refused' in socket) why = socket.why
      else return await converse(way, socket, address, domain)
    }
  }
  throw cannotLook(why)
}

/** Mail servers by preference (RFC 5321, section 5.1), or why there is none. */
async function mailServers(way: Way, domain: string): Promise<string[] | string> {
  if (domain === 'localhost') return [domain]
  mustReachNameServers(way)
  const { signal } = way
  try {
    const found = await until(signal, dns.resolveMx(domain))
    // A single "." says that the domain takes no mail (RFC 7505).
    if (found.length === 1 && found[0]!.exchange === '') return `${domain} says it takes no mail`
    return found.toSorted((a, b) => a.priority - b.priority).map(({ exchange }) => exchange)
  } catch (error) {
    signal.throwIfAborted()
    if (codeOf(error) === 'ENODATA') return [domain]
    if (codeOf(error) === 'ENOTFOUND') return `there is no domain ${domain}`
    throw cannotLook(`the mail servers of ${domain} cannot be asked for (${codeOf(error)})`, error)
  }
}

interface Reply {
  code: number
  text: string
}

async function converse(
  way: Way,
  socket: Socket,
  address: string,
  domain: string,
): Promise<string | null> {
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const say = async (command: string | null): Promise<Reply> => {
    if (command !== null) socket.write(`${command}\r\n`)
    return await readReply(lines, domain)
  }
  try {
    mustTake(await say(null), domain)
    mustTake(await say('EHLO kept.invalid'), domain)
    mustTake(await say('MAIL FROM:<>'), domain)
    // The control: every domain takes mail for its postmaster (RFC 5321, section 4.5.1).
    mustTake(await say(`RCPT TO:<postmaster@${domain}>`), domain)
    const other = await say(`RCPT TO:<kept-${randomUUID()}@${domain}>`)
    if (isTaken(other)) {
      throw cannotLook(
        `the mail server of ${domain} takes mail for every name: of one it says nothing`,
      )
    }
    const reply = await say(`RCPT TO:<${address}>`)
    await say('QUIT').catch(() => null)
    return judgeReply(reply)
  } finally {
    socket.destroy()
    way.signal.throwIfAborted()
  }
}

/** One reply, all its lines (RFC 5321, section 4.2.1). */
async function readReply(lines: AsyncIterator<string>, domain: string): Promise<Reply> {
  let text = ''
  for (let count = 0; count < 100; count++) {
    const { value, done } = await lines.next()
    const match = done ? null : /^(\d{3})([ -]?)(.{0,500})/.exec(value)
    if (!match) break
    text += match[3]!
    if (match[2] !== '-') return { code: Number(match[1]), text }
  }
  throw cannotLook(`the mail server of ${domain} does not speak SMTP to the end`)
}

function isTaken({ code }: Reply): boolean {
  return code >= 200 && code < 300
}

function mustTake(reply: Reply, domain: string): void {
  if (isTaken(reply)) return
  throw cannotLook(`the mail server of ${domain} does not talk to us (${reply.code})`)
}

function judgeReply(reply: Reply): string | null {
  if (isTaken(reply)) return null
  const { code, text } = reply
  // 5.7.x is a policy against who asks, not a word on the mailbox (RFC 3463).
  if (code < 500 || text.startsWith('5.7.')) {
    throw cannotLook(`the mail server did not decide on the mailbox (${code})`)
  }
  return `its mail server refuses the mailbox (${code})`
}
