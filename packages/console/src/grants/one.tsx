import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useRead, type Grant } from '../api.ts'
import { Loaded, Page } from '../parts.tsx'
import { Course, State } from './grant.tsx'
import { Reads } from './reads.tsx'

interface Shown {
  id: string
  /** Where all of them are, and what that page is called. */
  list: { href: string; name: string }
  isStaff: boolean
  ledger: string
  acts: (grant: Grant) => ReactNode
}

/** One grant at an address of its own: what was asked, what came of it, what was read under it. */
export function GrantPage(shown: Shown) {
  return isId.test(shown.id) ? <Sought {...shown} /> : <Missing {...shown} />
}

const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function Sought(shown: Shown) {
  const { id, list, isStaff, ledger, acts } = shown
  const grants = useRead('/api/grants', { params: { query: { grant: id } } }, 10)
  return (
    <Loaded of={grants}>
      {({ grants: [grant] }) =>
        grant ? (
          <>
            <p className="crumbs">
              <Link href={list.href}>{list.name}</Link> / {isStaff ? grant.tenant : grant.staff}
            </p>
            <Page title={grant.reason}>
              <p className="ruling">
                <State of={grant.state} /> {grant.staff}
                {isStaff && <> at {grant.tenant}</>}
              </p>
              <Course of={grant} />
              {acts(grant)}
              <h2>What was read</h2>
              <Reads grant={grant.id} tenant={isStaff ? grant.tenant : null} ledger={ledger} />
            </Page>
          </>
        ) : (
          <Missing {...shown} />
        )
      }
    </Loaded>
  )
}

function Missing({ list }: Shown) {
  return (
    <Page title="No such grant">
      <p>
        <Link href={list.href}>All of them</Link>
      </p>
    </Page>
  )
}
