import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { System } from '@kept/page'
import { context, system, Watch } from '../../../test/looking.ts'
import { serveNames, type Zone } from '../../../test/names.ts'
import { presenceCollector } from './accounts.ts'

const zone: Zone = {
  'app.example.com': { cname: 'calm-frog.herokudns.com' },
  'calm-frog.herokudns.com': { a: ['192.0.2.10'] },
  'old.example.com': { cname: 'lb-1.eu-west-1.elb.amazonaws.com' },
  'lb-1.eu-west-1.elb.amazonaws.com': { a: ['192.0.2.20'] },
  // An address alone, whose owner gave it a name that leads back, and one that does not.
  'bare.example.com': { a: ['192.0.2.30'] },
  '30.2.0.192.in-addr.arpa': { ptr: ['ec2-30.compute.amazonaws.com'] },
  'ec2-30.compute.amazonaws.com': { a: ['192.0.2.30'] },
  'liar.example.com': { a: ['192.0.2.40'] },
  '40.2.0.192.in-addr.arpa': { ptr: ['ec2-40.compute.amazonaws.com'] },
  'ec2-40.compute.amazonaws.com': { a: ['192.0.2.41'] },
  'front.example.com': { cname: 'front.example.com.cdn.cloudflare.net' },
  'front.example.com.cdn.cloudflare.net': { a: ['192.0.2.50'] },
  'spoof.example.com': { cname: 'herokudns.com.example.com' },
  'herokudns.com.example.com': { a: ['192.0.2.60'] },
}

let stop: () => void
beforeEach(async () => {
  stop = await serveNames(zone)
})
afterEach(() => stop())

const endpoint = (address: string, provider = 'heroku'): System =>
  system({ id: address, type: 'endpoint', address, provider })

const look = (id: string, ...subjects: System[]) =>
  presenceCollector.collect(system({ id, type: 'provider' }), context({ subjects }))

describe('provider.presence', () => {
  it('breaks when an address moves away, and is mended when it is back', async () => {
    const watching = new Watch(presenceCollector, system({ id: 'heroku', type: 'provider' }))
    const subjects = [endpoint('https://app.example.com')]
    expect(await watching.look({ subjects })).toEqual({
      outcome: 'pass',
      measured: { resources: 1 },
    })
    expect(watching.verdict('provider', { name: ['heroku'] })).toBe('kept')
    const home = zone['app.example.com']!
    zone['app.example.com'] = { cname: 'lb-1.eu-west-1.elb.amazonaws.com' }
    const moved = await watching.look({ subjects })
    zone['app.example.com'] = home
    expect(moved).toMatchObject({ outcome: 'fail', measured: { resources: 0 } })
    expect(moved.note).toBe('app.example.com is served by aws')
    expect(watching.verdict('provider', { name: ['heroku'] })).toBe('broken')
    await watching.look({ subjects })
    expect(watching.verdict('provider', { name: ['heroku'] })).toBe('kept')
  })

  it.each([
    ['an alias', 'old.example.com', 'pass'],
    ['the name of its address', 'bare.example.com', 'pass'],
    ['a name that does not lead back', 'liar.example.com', 'inconclusive'],
    ['a front', 'front.example.com', 'inconclusive'],
    ['no such host', 'nowhere.example.com', 'inconclusive'],
  ])('at aws by %s: %s is %s', async (_, host, outcome) => {
    expect(await look('aws', endpoint(host, 'aws'))).toMatchObject({ outcome })
  })

  it('reads no name as the provider’s that only holds it', async () => {
    expect(await look('heroku', endpoint('spoof.example.com'))).toMatchObject({
      outcome: 'inconclusive',
    })
  })

  it('does not take an address at whom the provider is built on for another home', async () => {
    expect(await look('heroku', endpoint('bare.example.com'))).toMatchObject({
      outcome: 'inconclusive',
    })
  })

  it('says what is missing', async () => {
    expect((await look('heroku')).note).toMatch(/no endpoint or service with an address/)
    expect((await look('nobody', endpoint('app.example.com', 'nobody'))).note).toMatch(
      /not known under which names nobody serves/,
    )
    expect((await look('heroku', endpoint('front.example.com'))).note).toMatch(
      /front\.example\.com lies behind cloudflare/,
    )
  })
})
