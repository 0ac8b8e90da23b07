import nodemailer from 'nodemailer'
import type { Mail, MailReceipt } from '../foundation/outside.ts'

/** Sends by the SMTP server at a URL, `smtps://user:password@host:465`; TLS is demanded but on loopback. */
export function openMail(url: string, from: string): (mail: Mail) => Promise<MailReceipt> {
  const { hostname } = new URL(url)
  const isLoopback = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  const transport = nodemailer.createTransport({
    url,
    requireTLS: !isLoopback,
    connectionTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return async (mail) => {
    try {
      const info = await transport.sendMail({ from, ...mail })
      return { accepted: info.accepted.length > 0, reply: info.response }
    } catch (error) {
      const { code, responseCode, response } = error as Refusal
      // What is refused for good is an answer; whatever else fails is tried again.
      if (code !== 'EENVELOPE' || !(responseCode! >= 500)) throw error
      return { accepted: false, reply: response ?? String(responseCode) }
    }
  }
}

/** How nodemailer says that no recipient was taken: `responseCode` is of RFC 5321 section 4.2. */
interface Refusal {
  code?: string
  responseCode?: number
  response?: string
}
