import type { ReactNode } from 'react'
import { useRead, type Grant } from '../api.ts'
import { Empty, Loaded } from '../parts.tsx'

/** The lists of grants that can still be acted upon, in the order in which they matter to who reads. */
export interface OpenList {
  state: 'waiting' | 'live'
  title: string
  /** What stands there while it is empty. */
  none: string
}

/** All grants that the reader may see: the open ones, then what was before. */
export function GrantLists({
  empty,
  open,
  line,
}: {
  empty: string
  open: readonly OpenList[]
  line: (grant: Grant) => ReactNode
}) {
  const grants = useRead('/api/grants', undefined, 10)
  return (
    <Loaded of={grants}>
      {({ grants: all, next }) => {
        const past = all.filter(({ state }) => state !== 'waiting' && state !== 'live')
        return all.length === 0 ? (
          <Empty>
            <p>{empty}</p>
          </Empty>
        ) : (
          <>
            {open.map(({ state, title, none }) => (
              <section key={state} aria-label={title}>
                <h2>{title}</h2>
                <Lines of={all.filter((one) => one.state === state)} none={none} line={line} />
              </section>
            ))}
            {past.length > 0 && (
              <section aria-label="Before">
                <h2>Before</h2>
                <Lines of={past} none="" line={line} />
              </section>
            )}
            {next !== null && <p className="soft">These are the newest {all.length}.</p>}
          </>
        )
      }}
    </Loaded>
  )
}

function Lines({
  of,
  none,
  line,
}: {
  of: readonly Grant[]
  none: string
  line: (grant: Grant) => ReactNode
}) {
  return of.length === 0 ? <p className="soft">{none}</p> : <ul className="rows">{of.map(line)}</ul>
}
