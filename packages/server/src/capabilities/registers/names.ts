// Not by name: dns.setServers puts new functions in the place of those that were imported.
import dns from 'node:dns/promises'
import { isIP } from 'node:net'
import { cannotLook } from '../../foundation/look.ts'
import { codeOf, isLoopback, until, type Way } from '../../outside/reach.ts'

/** A chain of aliases longer than this leads nowhere (as resolvers do, RFC 1034 section 3.6.2). */
const mostAliases = 8

/** Ends the look of a Kept that may only reach its own machine when the name servers are elsewhere. */
export function mustReachNameServers({ outside }: Pick<Way, 'outside'>): void {
  if (outside.reach === 'any' || dns.getServers().every((one) => isOwn(one))) return
  throw cannotLook('this Kept may only reach its own machine, and name servers are elsewhere')
}

/** A name server as Node writes it: `127.0.0.1`, `127.0.0.1:5353`, `[::1]:53`. */
function isOwn(server: string): boolean {
  const address = isIP(server) === 0 ? new URL(`dns://${server}`).hostname : server
  return isLoopback(address.replace(/^\[(.*)\]$/, '$1'))
}

/** What the name servers say, or nothing when they know no such record. */
export async function askNames<T>(way: Way, name: string, asking: Promise<T[]>): Promise<T[]> {
  try {
    return await until(way.signal, asking)
  } catch (error) {
    way.signal.throwIfAborted()
    if (['ENODATA', 'ENOTFOUND'].includes(codeOf(error))) return []
    throw cannotLook(`the name servers do not say what ${name} is (${codeOf(error)})`, error)
  }
}

/** A host and the names it is an alias of, in order. */
export async function aliasesOf(way: Way, host: string): Promise<string[]> {
  mustReachNameServers(way)
  const names = [plain(host)]
  for (let i = 0; i < mostAliases; i++) {
    const last = names.at(-1)!
    const [alias] = await askNames(way, last, dns.resolveCname(last))
    if (alias === undefined || names.includes(plain(alias))) break
    names.push(plain(alias))
  }
  return names
}

/**
 * The names that the owner of a host's addresses gave them, where they lead back to the address: anybody
 * may write anything there.
 */
export async function reverseNamesOf(way: Way, host: string): Promise<string[]> {
  mustReachNameServers(way)
  const names: string[] = []
  for (const address of await addressesOf(way, host)) {
    for (const name of await askNames(way, address, dns.reverse(address))) {
      if ((await addressesOf(way, name)).includes(address)) names.push(plain(name))
    }
  }
  return names
}

async function addressesOf(way: Way, name: string): Promise<string[]> {
  return [
    ...(await askNames(way, name, dns.resolve4(name))),
    ...(await askNames(way, name, dns.resolve6(name))),
  ]
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
