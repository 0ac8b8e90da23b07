import { basename } from 'node:path'
import type { Command } from './command.ts'
import { Failure } from './failure.ts'

export const keys: Command = {
  name: 'keys',
  says: 'make a key that signs evidence and approvals, and print its line for systems.yaml',
  arguments: [
    { name: 'new', says: 'makes an Ed25519 key', words: ['new'] },
    { name: 'FILE', says: 'where the private key goes, as PEM; it must not be there yet' },
  ],
  options: {
    name: { value: 'ID', says: 'how the key is named; the name of the file when absent' },
    json: { says: 'print JSON' },
  },
  exits: [
    ['0', 'the key was made'],
    ['2', 'it was not, and nothing was written over'],
  ],
  example: 'kept keys new cto.pem',
  async run({ words: [, file = ''], options }, terminal) {
    const id = options.get('name') ?? basename(file).replace(/\.[^.]+$/, '')
    if (!/^[a-z0-9][a-z0-9._-]{0,99}$/i.test(id)) {
      const fix = 'give --name ID of letters, digits and . _ -'
      throw new Failure(`kept ${keys.name}`, `"${id}" is no name for a runner`, fix)
    }
    const { generateKeyPairSync } = await import('node:crypto')
    const { formatVerifierKey } = await import('@kept/ledger')
    const { toJson } = await import('./json.ts')
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    terminal.writeSecret(file, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())
    // The last 32 bytes of its SPKI are the key itself (RFC 8410).
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
    const key = formatVerifierKey(id, raw)
    await terminal.print(options.has('json') ? toJson({ file, id, key }) : [`key: ${key}\n`])
    return 0
  },
}
