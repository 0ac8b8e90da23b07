import { lazy } from 'react'
import { Route, Switch } from 'wouter'
import { nameAt } from './address.ts'
import { useRead } from './api.ts'
import { Board } from './board.tsx'
import { Page } from './parts.tsx'
import { Door, Frame, type Place } from './shell.tsx'
import { setTime } from './time.ts'

const ClaimPage = lazy(() => import('./claim.tsx'))
const Subjects = lazy(() => import('./subjects.tsx'))
const Ledger = lazy(() => import('./ledger/page.tsx'))
const Apply = lazy(() => import('./apply.tsx'))
const Attest = lazy(() => import('./attest.tsx'))
const Grants = lazy(() => import('./grants/staff.tsx'))
const Moves = lazy(() => import('./moves/page.tsx'))
const SystemPage = lazy(() => import('./system.tsx'))
const Account = lazy(() => import('./account.tsx'))
const People = lazy(() => import('./people.tsx'))

/** The console of the staff; whatever has an address is in this list. */
const places: readonly Place[] = [
  { name: 'Board', path: '/console' },
  { name: 'Systems', path: '/console/systems' },
  { name: 'Page', path: '/console/page' },
  { name: 'Attest', path: '/console/attest' },
  { name: 'Grants', path: '/console/grants' },
  { name: 'Moves', path: '/console/moves' },
  { name: 'Ledger', path: '/console/ledger' },
  { name: 'People', path: '/console/people' },
  { name: 'Account', path: '/console/account' },
]

export function StaffApp() {
  return (
    <Door tenant={null}>
      {(session) => (
        <Named>
          {(company) => (
            <Frame
              home="/console"
              company={company}
              places={places.filter(({ name }) => name !== 'People' || session.role === 'owner')}
              session={session}
            >
              <Switch>
                <Route path="/console" component={Board} />
                <Route path="/console/claims/:id">{() => <ClaimPage id={nameAt(3)} />}</Route>
                <Route path="/console/systems" component={Subjects} />
                <Route path="/console/systems/:id">{() => <SystemPage id={nameAt(3)} />}</Route>
                <Route path="/console/grants/:grant?">
                  {({ grant }) => <Grants name={session.name} grant={grant ?? null} />}
                </Route>
                <Route path="/console/moves/:move?">
                  {({ move }) => <Moves move={move ?? null} />}
                </Route>
                <Route path="/console/page" component={Apply} />
                <Route path="/console/attest" component={Attest} />
                <Route path="/console/ledger/:entry?">
                  {({ entry }) => (
                    <Ledger
                      entry={entry === undefined ? null : Number(entry)}
                      base="/console/ledger"
                    />
                  )}
                </Route>
                <Route path="/console/people">
                  <People own={session.account} tenant={null} />
                </Route>
                <Route path="/console/account">
                  <Account session={session} />
                </Route>
                <Route>
                  <Page title="There is nothing at this address">
                    <p>The pages are listed above; Ctrl K finds claims too.</p>
                  </Page>
                </Route>
              </Switch>
            </Frame>
          )}
        </Named>
      )}
    </Door>
  )
}

/** The company's name and time zone come with its page; before there is one, Kept's own. */
export function Named({ children }: { children: (company: string) => React.ReactNode }) {
  const strips = useRead('/api/strips', undefined, 60)
  if (strips.data) setTime(strips.data.timeZone, strips.data.now - strips.dataUpdatedAt)
  return children(strips.data?.company ?? 'Kept')
}
