import { connect, createServer, getCiphers, type TlsOptions } from 'node:tls'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeAuthority, type Authority, type Pair } from '../../../test/certificates.ts'
import { context } from '../../../test/looking.ts'
import { startPostgres, type TestPostgres } from '../../../test/postgres.ts'
import { readCertificates } from './certificate.ts'
import { surveySigners, surveySuites, surveyVersions, type Site } from './survey.ts'
import { modernSuites, olderSuites } from './suites.ts'

let authority: Authority
let rsa: Pair
let ecdsa: Pair
const way = context()

beforeAll(async () => {
  authority = await makeAuthority()
  rsa = await authority.issue({ key: 2048 })
  ecdsa = await authority.issue()
})

/** A TLS server for the length of some work. */
async function serving<T>(options: TlsOptions, work: (site: Site) => Promise<T>): Promise<T> {
  const server = createServer(options)
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    const place = { host: 'localhost', port, address: '127.0.0.1' }
    return await work({ place, speaks: 'http' })
  } finally {
    server.close()
  }
}

const old = { ciphers: 'DEFAULT@SECLEVEL=0' }

describe('versions', () => {
  it.each([
    ['TLSv1', 'TLS 1.0'],
    ['TLSv1.1', 'TLS 1.1'],
    ['TLSv1.2', 'TLS 1.2'],
    ['TLSv1.3', 'TLS 1.3'],
  ] as const)('finds %s where nothing else is accepted, as Node does', async (only, version) => {
    const limits = { minVersion: only, maxVersion: only }
    await serving({ ...rsa, ...old, ...limits }, async (site) => {
      expect(await surveyVersions(way, site)).toEqual([version])
      const client = connect({
        port: site.place.port,
        ...old,
        ...limits,
        rejectUnauthorized: false,
      })
      await once(client, 'secureConnect')
      expect(client.getProtocol()).toBe(only)
      client.destroy()
    })
  })

  it('finds all that a server accepts', async () => {
    await serving({ ...rsa, ...old, minVersion: 'TLSv1' }, async (site) => {
      const all = ['TLS 1.3', 'TLS 1.2', 'TLS 1.1', 'TLS 1.0']
      expect(await surveyVersions(way, site)).toEqual(all)
    })
  })
})

describe('suites', () => {
  const names: Record<string, (typeof olderSuites)[number]> = {
    'ECDHE-RSA-AES128-GCM-SHA256': olderSuites.find(({ id }) => id === 0xc0_2f)!,
    'ECDHE-RSA-AES256-SHA384': olderSuites.find(({ id }) => id === 0xc0_28)!,
    'ECDHE-RSA-CHACHA20-POLY1305': olderSuites.find(({ id }) => id === 0xcc_a8)!,
    'AES128-SHA': olderSuites.find(({ id }) => id === 0x2f)!,
    'CAMELLIA256-SHA': olderSuites.find(({ id }) => id === 0x84)!,
    'AES256-CCM8': olderSuites.find(({ id }) => id === 0xc0_a1)!,
    'NULL-SHA256': olderSuites.find(({ id }) => id === 0x3b)!,
    'ADH-AES256-SHA': olderSuites.find(({ id }) => id === 0x3a)!,
  }

  it.each(Object.entries(names))('finds %s alone', async (ciphers, suite) => {
    const limits = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
    const options = { ...rsa, ...limits, ciphers: `${ciphers}@SECLEVEL=0`, dhparam: 'auto' }
    await serving(options, async (site) => {
      const choices = await surveySuites(way, site)
      expect(choices.map((choice) => choice.suite)).toEqual([suite])
    })
  })

  it('finds every one that a client of Node, which offers them one by one, finds', async () => {
    const limits = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
    const options = { ...rsa, ...limits, ciphers: 'ALL@SECLEVEL=0', dhparam: 'auto' }
    await serving(options, async (site) => {
      const names = getCiphers().filter(
        (name) => /^(?!tls_).*(?:aes|chacha)/.test(name) && !/psk|srp/.test(name),
      )
      const accepted = await Promise.all(
        names.map(async (name) => {
          const ciphers = `${name.toUpperCase()}@SECLEVEL=0`
          const more = { ciphers, ...limits, rejectUnauthorized: false }
          const client = connect({ port: site.place.port, ...more })
          const outcome = await once(client, 'secureConnect').then(
            () => client.getCipher().standardName,
            () => null,
          )
          client.destroy()
          return outcome
        }),
      )
      const found = (await surveySuites(way, site)).map(({ suite }) => suite)
      const ofAes = found.filter(
        ({ exchange, cipher }) =>
          !exchange!.endsWith('-anon') && /^aes-\d+-(?:gcm|cbc)$|^chacha/.test(cipher),
      )
      expect(ofAes).toHaveLength(accepted.filter((name) => name !== null).length)
      expect(ofAes.length).toBeGreaterThan(10)
    })
  })

  it('finds the suites of TLS 1.3 and who signs', async () => {
    await serving({ ...ecdsa, minVersion: 'TLSv1.3' }, async (site) => {
      const choices = await surveySuites(way, site)
      expect(choices.every(({ suite }) => modernSuites.includes(suite))).toBe(true)
      expect(new Set(choices.map(({ suite }) => suite.cipher))).toEqual(
        new Set(['aes-256-gcm', 'chacha20-poly1305', 'aes-128-gcm']),
      )
      expect(await surveySigners(way, site)).toEqual(['ecdsa'])
    })
    await serving({ ...rsa, minVersion: 'TLSv1.3' }, async (site) => {
      expect(await surveySigners(way, site)).toEqual(['rsa'])
    })
  })

  it('reads the length of the Diffie-Hellman prime', async () => {
    const limits = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
    const ciphers = 'DHE-RSA-AES128-GCM-SHA256'
    await serving({ ...rsa, ...limits, ciphers, dhparam: 'auto' }, async (site) => {
      const [choice] = await surveySuites(way, site)
      expect(choice?.exchange).toEqual({ prime: 2048 })
    })
  })
})

describe('what Node can no longer offer', () => {
  let postgres: TestPostgres
  let site: Site

  // The OpenSSL 1.1.1 that comes with the embedded PostgreSQL still has SEED, TLS 1.0 and 1.1.
  beforeAll(async () => {
    postgres = await startPostgres({
      certificate: rsa,
      settings: {
        ssl_min_protocol_version: 'TLSv1',
        ssl_ciphers: 'SEED-SHA:AES128-SHA:@SECLEVEL=0',
      },
    })
    const place = { host: 'localhost', port: postgres.port, address: '127.0.0.1' }
    site = { place, speaks: 'postgres' }
  }, 60_000)
  afterAll(() => postgres.stop())

  it('is seen accepted, after the turn of PostgreSQL to TLS', async () => {
    const choices = await surveySuites(way, site)
    const older = choices.filter(({ version }) => version !== 'TLS 1.3')
    expect(new Set(older.map(({ suite }) => suite.cipher))).toEqual(
      new Set(['seed-cbc', 'aes-128-cbc']),
    )
    expect(new Set(older.map(({ version }) => version))).toEqual(
      new Set(['TLS 1.2', 'TLS 1.1', 'TLS 1.0']),
    )
  })

  it('is seen refused once the server refuses it', async () => {
    await postgres.set('ssl_ciphers', 'ECDHE-RSA-AES128-GCM-SHA256')
    const choices = await surveySuites(way, site)
    const older = choices.filter(({ version }) => version !== 'TLS 1.3')
    expect(older.map(({ suite }) => suite.cipher)).toEqual(['aes-128-gcm'])
    expect((await readCertificates(way, site, ['TLS 1.2']))[0]?.keyBits).toBe(2048)
  })
})
