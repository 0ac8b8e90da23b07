import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, it } from 'vitest'
import { openMail } from './mail.ts'

let server: SMTPServer
afterEach(() => new Promise<void>((closed) => server.close(closed)))

async function listen(host: string): Promise<string> {
  server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo({ address }, _, callback) {
      const code = address.startsWith('later') ? 450 : address.startsWith('never') ? 550 : 0
      callback(code ? Object.assign(new Error('not now'), { responseCode: code }) : null)
    },
    onData(stream, _, callback) {
      stream.resume()
      stream.on('end', () => callback())
    },
  })
  server.listen(0, host)
  await once(server.server, 'listening')
  return `smtp://${host}:${(server.server.address() as AddressInfo).port}`
}

const mail = (to: string) => ({ to, subject: 'a', text: 'b', messageId: '<1@kept.test>' })

it('sends in the clear on loopback, and nowhere else', async () => {
  const near = openMail(await listen('127.0.0.1'), 'kept@kept.test')
  expect(await near(mail('a@example.com'))).toMatchObject({ accepted: true })
  await new Promise<void>((closed) => server.close(closed))
  // As good as another machine's to the rule, which knows 127.0.0.1 alone.
  const far = openMail(await listen('127.0.0.2'), 'kept@kept.test')
  await expect(far(mail('a@example.com'))).rejects.toMatchObject({ code: 'ETLS' })
})

it('hands back what was refused for good, and throws what may succeed later', async () => {
  const send = openMail(await listen('127.0.0.1'), 'kept@kept.test')
  expect(await send(mail('never@example.com'))).toEqual({
    accepted: false,
    reply: expect.stringMatching(/^550/) as unknown,
  })
  await expect(send(mail('later@example.com'))).rejects.toMatchObject({ responseCode: 450 })
})
