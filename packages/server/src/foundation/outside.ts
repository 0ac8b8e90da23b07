/**
 * The neighbours that Kept speaks to, one file each in `outside/`. Made by the composition, handed to
 * jobs and collectors; nothing else opens a connection.
 */
export interface Outside {
  /** How far Kept may reach: `loopback` for the demo and tests, `any` otherwise. */
  reach: 'loopback' | 'any'
  /** Certificates of authorities trusted besides the usual ones, PEM. */
  authorities: readonly string[]
  /** The value of a secret that systems.yaml names, or null when it is not set. */
  secret(name: string): string | null
  /** The TXT records of a name, each put together; DNS answers when absent. */
  txt?: (name: string) => Promise<string[]>
  /** Lets time pass; it is really waited for when absent. */
  pause?: (milliseconds: number) => Promise<void>
  /** Null when no mail server is connected. */
  mail: ((message: Mail) => Promise<MailReceipt>) | null
}

export interface Mail {
  to: string
  subject: string
  text: string
  messageId: string
  headers?: Readonly<Record<string, string>>
}

/** What the receiving server answered; `accepted` is false when it refused the recipient. */
export interface MailReceipt {
  accepted: boolean
  reply: string
}
