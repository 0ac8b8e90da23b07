import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { openCheckpoint, parseVerifierKey } from '@kept/ledger'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testKept, testLog, type TestKept } from '../../../test/kept.ts'
import { onePromise, soundTls } from '../../../test/one-promise.ts'
import type { Collector } from '../../foundation/capability.ts'
import { openLog } from '../../log.ts'
import { openMail } from '../../outside/mail.ts'
import { claimsOperations } from '../claims/operations.ts'

const systems = `endpoints:
  website: { address: example.test }
runners:
  collector: { holder: collector, kinds: [endpoint.*], subjects: ['*'] }
`
const hour = 3_600_000
let lowest = 1.2
const collector: Collector = {
  kind: 'endpoint.tls',
  of: ['endpoint'],
  every: 60,
  timeout: 5,
  collect: () =>
    Promise.resolve({ outcome: 'pass', measured: { ...soundTls, lowestAccepted: lowest } }),
}

interface Received {
  to: string
  subject: string
  text: string
  headers: ReadonlyMap<string, string>
}

const received: Received[] = []
/** Whom the receiving server puts off. */
let held = (_address: string) => false
const logged: string[] = []
let smtp: SMTPServer
let kept: TestKept
let base: string

/** The mail counts as taken once it was read, so that a test that waits for the worker finds it. */
async function receive(to: string, stream: Readable, taken: () => void): Promise<void> {
  const { subject = '', text: said = '', headers: all } = await PostalMime.parse(await text(stream))
  const headers = new Map(all.map(({ key, value }) => [key, value]))
  received.push({ to, subject, text: said, headers })
  taken()
}

beforeAll(async () => {
  smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo({ address }, _, callback) {
      if (address.startsWith('gone')) {
        return callback(Object.assign(new Error(`5.1.1 no ${address}`), { responseCode: 550 }))
      }
      if (address.startsWith('slow') || held(address)) {
        return callback(Object.assign(new Error(`4.7.1 ${address} later`), { responseCode: 450 }))
      }
      return callback()
    },
    onData(stream, session, callback) {
      const to = session.envelope.rcptTo[0]!.address
      void receive(to, stream, callback)
    },
  })
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  const { port } = smtp.server.address() as AddressInfo
  const mail = openMail(`smtp://127.0.0.1:${port}`, 'kept@kept.test')
  const log = openLog('debug', { write: (line) => void logged.push(line) })
  kept = await testKept({ collectors: [collector], outside: { mail }, log })
  const operations = claimsOperations(() => [collector])
  await kept.ask('operator', operations.apply, { page: onePromise, systems })
  await kept.work()
  base = await kept.serve()
})
afterAll(async () => {
  await kept.stop()
  await new Promise<void>((closed) => smtp.close(closed))
})
beforeEach(() => {
  received.length = 0
  kept.time.advance(2 * hour)
})

const post = async (path: string, fields: Record<string, string>) => {
  const answer = await fetch(base + path, { method: 'POST', body: new URLSearchParams(fields) })
  return { status: answer.status, html: await answer.text() }
}
const subscribe = async (email: string) => {
  const answer = await post('/subscribe', { email })
  await kept.work()
  return answer
}
const tokenIn = (mail: Received, path: string) =>
  new RegExp(`https://kept\\.test${path}\\?token=([\\w-]+)`).exec(mail.text)![1]!
const change = async () => {
  lowest = lowest === 1 ? 1.2 : 1
  kept.time.advance(hour)
  await kept.work()
}
const join = async (email: string) => {
  await subscribe(email)
  await post('/subscribe/confirm', { token: tokenIn(received.pop()!, '/subscribe/confirm') })
}

describe('whoever subscribes', () => {
  it('is sent one mail to confirm, by the form as the page has it', async () => {
    const form = await (await fetch(`${base}/subscribe`)).text()
    const field = /<input[^>]*type="email"[^>]*>/.exec(form)![0]
    expect(/name="(\w+)"/.exec(field)![1]).toBe('email')
    const { status, html } = await subscribe('anna@example.com')
    expect(status).toBe(200)
    expect(html).toContain('anna@example.com')
    expect(received.map(({ to }) => to)).toEqual(['anna@example.com'])
  })

  it('is not sent another at once, however often somebody asks', async () => {
    await subscribe('often@example.com')
    await subscribe('often@example.com')
    await subscribe('Often@Example.com')
    expect(received).toHaveLength(1)
    kept.time.advance(2 * hour)
    await subscribe('often@example.com')
    expect(received).toHaveLength(2)
  })

  it('hears nothing before it pressed the button; opening the link is not enough', async () => {
    await subscribe('ben@example.com')
    const token = tokenIn(received.pop()!, '/subscribe/confirm')
    const opened = await fetch(`${base}/subscribe/confirm?token=${token}`)
    expect(opened.status).toBe(200)
    await change()
    expect(received).toEqual([])
    await post('/subscribe/confirm', { token })
    await change()
    expect(received.map(({ to }) => to)).toEqual(['ben@example.com'])
  })

  it('is told the change, with a checkpoint that verifies and covers it in the next', async () => {
    await join('cora@example.com')
    await change()
    const mail = received.find(({ to }) => to === 'cora@example.com')!
    expect(mail.subject).toMatch(
      /^Example Inc: (?:kept|broken) -> (?:kept|broken): All connections/,
    )
    const [note] = /kept\.test\/ledger\n\d+\n.+\n\n(?:— .+\n)+/.exec(
      mail.text.replaceAll('\r', ''),
    )!
    const keys = [parseVerifierKey(testLog.key)]
    const { size } = openCheckpoint(note, { origin: testLog.origin, keys })
    expect(size).toBeGreaterThan(0)
    const forged = note.replace(`\n${size}\n`, `\n${size + 1}\n`)
    expect(() => openCheckpoint(forged, { origin: testLog.origin, keys })).toThrow('is false')
    const ours = await fetch(`${base}/ledger/checkpoint?size=${size}`)
    expect(await ours.text()).toBe(note)
  })

  it('leaves by the link of any mail, and is forgotten', async () => {
    await join('dora@example.com')
    await change()
    const mail = received.find(({ to }) => to === 'dora@example.com')!
    const token = tokenIn(mail, '/subscribe/end')
    await fetch(`${base}/subscribe/end?token=${token}`)
    received.length = 0
    await change()
    expect(received.map(({ to }) => to)).toContain('dora@example.com')
    await post('/subscribe/end', { token })
    received.length = 0
    await change()
    expect(received.map(({ to }) => to)).not.toContain('dora@example.com')
    expect(received.map(({ to }) => to)).toContain('cora@example.com')
    const { rows } = await kept.as.owner.query(
      `select from publishing.subscriptions where address like 'dora%'`,
    )
    expect(rows).toEqual([])
    expect((await post('/subscribe/end', { token })).html).toContain('expired')
  })

  it('leaves by one click of a mail program', async () => {
    await join('eva@example.com')
    await change()
    const mail = received.find(({ to }) => to === 'eva@example.com')!
    expect(mail.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    const end = new URL(/^<(.+)>$/.exec(mail.headers.get('list-unsubscribe')!)![1]!)
    const answer = await post(end.pathname + end.search, { 'List-Unsubscribe': 'One-Click' })
    expect([answer.status, answer.html.includes('Ended')]).toEqual([200, true])
    received.length = 0
    await change()
    expect(received.map(({ to }) => to)).not.toContain('eva@example.com')
  })

  it('is forgotten when it does not confirm within a day', async () => {
    await subscribe('late@example.com')
    const token = tokenIn(received.pop()!, '/subscribe/confirm')
    kept.time.advance(24 * hour)
    expect((await post('/subscribe/confirm', { token })).html).toContain('expired')
    await subscribe('other@example.com')
    const { rows } = await kept.as.owner.query<{ address: string }>(
      `select address from publishing.subscriptions where address in ('late@example.com', 'other@example.com')`,
    )
    expect(rows).toEqual([{ address: 'other@example.com' }])
  })

  it('is refused what is no address, and two of them', async () => {
    for (const email of [
      'nobody',
      'a@b',
      'a@example.com, b@example.com',
      'a@example.com\nBcc: b@x.org',
    ]) {
      const { html } = await subscribe(email)
      expect(html).toContain('not an e-mail address')
    }
    expect(received).toEqual([])
  })

  it('is answered as everybody where no more are asked, so that nobody learns who is one', async () => {
    await join('member@example.com')
    await kept.as.owner.query(
      `insert into publishing.subscriptions (id, address, salt, token, leave, asked_at)
       select gen_random_uuid(), 'w' || i || '@example.com', 's', sha256(i::text::bytea), 'l' || i, $1 from generate_series(1, 500) i`,
      [new Date(kept.time.now())],
    )
    // Another server, whose limit for one address is its own.
    const other = await kept.serve()
    const ask = async (email: string) => {
      const body = new URLSearchParams({ email })
      return (await fetch(`${other}/subscribe`, { method: 'POST', body })).status
    }
    const answers = await Promise.all(
      ['member@example.com', 'MEMBER@example.com', 'stranger@example.com'].map((email) =>
        ask(email),
      ),
    )
    expect(answers).toEqual([429, 429, 429])
    await kept.as.owner.query(`delete from publishing.subscriptions where address like 'w%'`)
    expect(await ask('stranger@example.com')).toBe(200)
  })

  it('whose server refuses it for good is noted so, and not tried again', async () => {
    await subscribe('gone@example.com')
    await kept.work()
    const { rows } = await kept.as.owner.query<{ reply: string }>(
      `select reply from publishing.outbox o join publishing.subscriptions s on s.id = o.subscription
       where s.address = 'gone@example.com'`,
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]!.reply).toMatch(/^refused: 550/)
  })
})

describe('without a mail server', () => {
  it('nobody is told that a mail was sent, and the Atom feed is named', async () => {
    const silent = await testKept({ collectors: [collector], outside: { mail: null } })
    try {
      const operations = claimsOperations(() => [collector])
      await silent.ask('operator', operations.apply, { page: onePromise, systems })
      const at = await silent.serve()
      const form = await (await fetch(`${at}/subscribe`)).text()
      expect(form).toContain('no mail server')
      expect(form).not.toContain('<form')
      const body = new URLSearchParams({ email: 'anna@example.com' })
      const answer = await fetch(`${at}/subscribe`, { method: 'POST', body })
      expect(answer.status).toBe(409)
      expect(await answer.json()).toMatchObject({ code: 'not-connected' })
      const { rows } = await silent.as.owner.query('select from publishing.subscriptions')
      expect(rows).toEqual([])
    } finally {
      await silent.stop()
    }
  })
})

describe('an address', () => {
  it('stands neither in the log nor in the queue when its server answers with it', async () => {
    const before = logged.length
    await subscribe('slow@example.com')
    await kept.work()
    const { rows } = await kept.as.superuser.query<{ error: string }>(
      'select last_error as error from graphile_worker._private_jobs where last_error is not null',
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(logged.length).toBeGreaterThan(before)
    expect([...rows.map(({ error }) => error), ...logged].join('\n')).not.toContain('slow@')
    await kept.as.superuser.query('delete from graphile_worker._private_jobs')
  })

  it('is written to again when its mail was lost with the worker that held it', async () => {
    held = (to) => to.startsWith('lost')
    await subscribe('lost@example.com')
    expect(received).toEqual([])
    await kept.as.superuser.query('delete from graphile_worker._private_jobs')
    held = () => false
    await kept.work()
    expect(received).toEqual([])
    kept.time.advance(hour + 1)
    await kept.work()
    expect(received.map(({ to }) => to)).toEqual(['lost@example.com'])
    kept.time.advance(hour + 1)
    await kept.work()
    expect(received).toHaveLength(1)
  })

  it('stands neither in the ledger nor in the logs nor in a mail that was sent', async () => {
    await kept.work()
    const { rows } = await kept.as.owner.query<{ body: Buffer }>('select body from ledger.entries')
    const entries = rows.map(({ body }) => body.toString())
    expect(
      entries.filter((entry) => entry.includes('publishing.subscribe')).length,
    ).toBeGreaterThan(1)
    const addresses = /anna|ben@|cora|dora|often|late@|gone@|@example\.com"/i
    expect(entries.filter((entry) => addresses.test(entry.replaceAll('security@', '')))).toEqual([])
    expect(logged.length).toBeGreaterThan(0)
    expect(logged.filter((line) => addresses.test(line))).toEqual([])
    const sent = await kept.as.owner.query(
      `select from publishing.outbox where sent_at is not null and body <> ''`,
    )
    expect(sent.rows).toEqual([])
  })
})
