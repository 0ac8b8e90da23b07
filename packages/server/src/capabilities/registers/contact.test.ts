import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { context, system, Watch } from '../../../test/looking.ts'
import { serveNames } from '../../../test/names.ts'
import { contactCollector } from './collect.ts'

type Answer = 'takes all' | 'unknown mailbox' | 'knows it' | 'policy' | 'later'

let server: SMTPServer
let port: number
let answer: Answer
let stopNames: () => void

beforeEach(async () => {
  answer = 'knows it'
  server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo({ address }, _, callback) {
      const known = address === 'security@example.com' && answer !== 'unknown mailbox'
      const isPostmaster = address.startsWith('postmaster@')
      if (answer === 'policy') return callback(refusal(550, '5.7.1 we do not talk to you'))
      if (isPostmaster || answer === 'takes all') return callback()
      if (answer === 'later') return callback(refusal(450, '4.7.1 greylisted'))
      return callback(known ? null : refusal(550, '5.1.1 there is no such mailbox'))
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  port = (server.server.address() as AddressInfo).port
  stopNames = await serveNames({
    'example.com': { mx: ['localhost'] },
    'no-mail.example': { mx: [''] },
    'far.example': { mx: ['192.0.2.1'] },
  })
})
afterEach(async () => {
  stopNames()
  await new Promise<void>((closed) => server.close(closed))
})

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}

const desk = (address: string | null = 'security@example.com') =>
  system({ type: 'desk', address, tags: [`smtp-port:${port}`] })

describe('desk.answer', () => {
  it('breaks when the mailbox is gone, is mended, and knows nothing when nobody says', async () => {
    const watching = new Watch(contactCollector, desk())
    const params = { address: 'security@example.com' }
    expect(await watching.look()).toEqual({
      outcome: 'pass',
      measured: { address: 'security@example.com' },
    })
    expect(watching.verdict('contact', params)).toBe('kept')
    expect(watching.verdict('contact', { address: 'old@example.com' })).toBe('broken')
    answer = 'unknown mailbox'
    const gone = await watching.look()
    expect(gone).toMatchObject({ outcome: 'fail' })
    expect(gone.note).toMatch(/refuses the mailbox \(550\)/)
    expect(watching.verdict('contact', params)).toBe('broken')
    for (const said of ['policy', 'later'] as const) {
      answer = said
      expect(await watching.look()).toMatchObject({ outcome: 'inconclusive' })
      expect(watching.verdict('contact', params)).toBe('broken')
    }
    answer = 'knows it'
    await watching.look()
    expect(watching.verdict('contact', params)).toBe('kept')
  })

  it('knows nothing from a server that takes mail for every name', async () => {
    const watching = new Watch(contactCollector, desk())
    answer = 'takes all'
    const seen = await watching.look()
    expect(seen).toMatchObject({ outcome: 'inconclusive' })
    expect(seen.note).toMatch(/takes mail for every name/)
    expect(watching.verdict('contact', { address: 'security@example.com' })).toBe('unproven')
    answer = 'knows it'
    expect(await watching.look()).toMatchObject({ outcome: 'pass' })
    expect(watching.verdict('contact', { address: 'security@example.com' })).toBe('kept')
  })

  it.each([
    ['security@no-mail.example', 'fail', /takes no mail/],
    ['security@nowhere.example', 'fail', /there is no domain/],
    ['security@far.example', 'inconclusive', /only reach its own machine/],
    ['not an address', 'inconclusive', /no mail address/],
    ['security@example.com\r\nDATA', 'inconclusive', /no mail address/],
  ])('of %j ends in %s', async (address, outcome, note) => {
    const seen = await contactCollector.collect(desk(address), context())
    expect(seen).toMatchObject({ outcome })
    expect(seen.note).toMatch(note)
  })

  it('knows nothing when no mail server answers', async () => {
    const away = { ...desk(), tags: ['smtp-port:1'] }
    expect(await contactCollector.collect(away, context())).toMatchObject({
      outcome: 'inconclusive',
    })
  })

  it('reads the contact of the page where the desk has no address', async () => {
    const given = { contact: 'security@example.com' }
    expect(await contactCollector.collect(desk(null), context(given))).toMatchObject({
      outcome: 'pass',
    })
    expect(await contactCollector.collect(desk(null), context())).toMatchObject({
      outcome: 'inconclusive',
    })
  })
})
