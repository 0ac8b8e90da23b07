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
    const info = await transport.sendMail({ from, ...mail })
    return { accepted: info.accepted.length > 0, reply: info.response }
  }
}
