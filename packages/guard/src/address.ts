import { GuardFailure } from './failure.ts'

/**
 * An address to which nobody on the way can give another answer: https, or this machine.
 * @throws GuardFailure `bad-option` for any other
 */
export function readAddress(address: string, what: string): URL {
  const url = URL.parse(address)
  const isHere = url !== null && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)) return url
  throw new GuardFailure('bad-option', `${what} is not reached by https`, 'give it as https://...')
}
