import fc from 'fast-check'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { networkUrl, socketUrl } from './url.ts'

// Of a database's name pg decodes only what no URL may hold; ours are words.
const address = fc.record({
  role: fc.string({ unit: 'grapheme', minLength: 1 }),
  password: fc.string({ minLength: 1 }),
  database: fc.stringMatching(/^[a-z][a-z0-9_]*$/),
})

test('pg reads from a URL what was written into it', () => {
  fc.assert(
    fc.property(address, fc.integer({ min: 1024, max: 65_535 }), (written, port) => {
      const { role: user, password, database } = written
      const socket = new Client({ connectionString: socketUrl('/run/a b', port, written) })
      expect(socket).toMatchObject({ user, password, database, port, host: '/run/a b' })
      expect(URL.canParse(socketUrl('/run/a b', port, written))).toBe(true)
      const network = new Client({ connectionString: networkUrl(port, null, written) })
      expect(network).toMatchObject({ user, password, database, port, host: '127.0.0.1' })
    }),
  )
})
