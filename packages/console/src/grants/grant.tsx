import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Grant } from '../api.ts'
import { When } from '../parts.tsx'
import { Verdict } from '../verdict.tsx'

const said = {
  waiting: ['due', 'Waits for an answer'],
  live: ['kept', 'Live'],
  refused: ['broken', 'Refused'],
  ended: ['unproven', 'Ended early'],
  over: ['unproven', 'Over'],
} as const

export function State({ of }: { of: Grant['state'] }) {
  const [shape, word] = said[of]
  return <Verdict of={shape}>{word}</Verdict>
}

/** One grant in a list: who wants what, why, until when; what can be done about it stands beside. */
export function GrantLine({
  of,
  isStaff,
  href,
  children,
  below,
}: {
  of: Grant
  /** The staff see many tenants', a tenant its own. */
  isStaff: boolean
  href: string
  children?: ReactNode
  below?: ReactNode
}) {
  return (
    <li className="tall">
      <div>
        <Link href={href}>
          <b>{of.staff}</b>
          {isStaff && (
            <>
              {' '}
              at <b>{of.tenant}</b>
            </>
          )}
        </Link>{' '}
        <State of={of.state} />
        <p className="reason">{of.reason}</p>
        <Course of={of} />
      </div>
      {children && <span className="acts">{children}</span>}
      {below && <div className="whole">{below}</div>}
    </li>
  )
}

/** What became of it so far, by whom and when. */
export function Course({ of }: { of: Grant }) {
  const isOpen = of.state === 'waiting' || of.state === 'live'
  const until = Date.parse(of.until)
  return (
    <p className="soft">
      asked <When at={Date.parse(of.askedAt)} />
      {of.answeredAt !== null && (
        <>
          , {of.state === 'refused' ? 'refused' : 'allowed'} by {of.answeredBy}{' '}
          <When at={Date.parse(of.answeredAt)} />
        </>
      )}
      {of.endedAt === null ? (
        <>
          ; until <When at={until} />
          {isOpen && (
            <>
              {' '}
              (<When at={until} distance />)
            </>
          )}
        </>
      ) : (
        <>
          ; ended by {of.endedBy} <When at={Date.parse(of.endedAt)} />
        </>
      )}
    </p>
  )
}
