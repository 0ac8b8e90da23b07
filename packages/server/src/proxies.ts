import { BlockList, isIP } from 'node:net'
import { Failure } from './foundation/failure.ts'

/** Whether an address is one of the declared proxies. */
export type IsProxy = (address: string) => boolean

/** Names that stand for ranges (RFC 1918, RFC 3927, RFC 4193). */
const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/** Reads addresses and ranges as `--proxy` and KEPT_PROXIES have them. */
export function readProxies(ranges: readonly string[]): IsProxy {
  const list = new BlockList()
  for (const range of ranges.flatMap((one) => named[one] ?? one)) add(list, range)
  // BlockList reads an IPv4 address written as IPv6 by the rules of IPv4.
  return (address) => {
    const version = isIP(address)
    return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
  }
}

function add(list: BlockList, range: string): void {
  const [address = '', bits, ...more] = range.split('/')
  const version = isIP(address)
  const most = version === 6 ? 128 : 32
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity
  if (version === 0 || length > most || more.length > 0) {
    throw new Failure('bad-input', `the proxy ${range} is no address or range`, {
      fix: 'write it as 10.0.0.1, 10.0.0.0/8 or fd00::/8',
    })
  }
  list.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4')
}
