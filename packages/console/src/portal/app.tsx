import { lazy, useEffect } from 'react'
import { Link, Route, Router, Switch } from 'wouter'
import { appToEnter, segmentOf } from '../address.ts'
import { codeOf, useRead } from '../api.ts'
import { Empty, Loaded, Page, When } from '../parts.tsx'
import { Door, Frame, Outside, type Place } from '../shell.tsx'
import { Named } from '../staff.tsx'
import { Strip, Verdict } from '../verdict.tsx'

const Account = lazy(() => import('../account.tsx'))
const People = lazy(() => import('../people.tsx'))
const PortalSettings = lazy(() => import('./settings.tsx'))
const StaffAccess = lazy(() => import('./staff-access.tsx'))
const SignInWays = lazy(() => import('./sign-in-ways.tsx'))
const Ledger = lazy(() => import('../ledger/page.tsx'))

/** What a tenant's users see: what they are promised, and who of them may come in, and how. */
export function PortalApp({ tenant }: { tenant: string }) {
  return (
    <Door tenant={tenant}>
      {(session) => {
        const app = appToEnter(tenant)
        if (app !== null) return <GoOn to={app} />
        const isOwner = session.role === 'owner'
        const places: Place[] = [
          { name: 'Promises', path: '/' },
          { name: 'Staff access', path: '/staff-access' },
          ...(isOwner
            ? [
                { name: 'People', path: '/people' },
                { name: 'Sign-in', path: '/sign-in-ways' },
                { name: 'Settings', path: '/settings' },
              ]
            : []),
          { name: 'Ledger', path: '/ledger' },
          { name: 'Account', path: '/account' },
        ]
        return (
          <Router base={`/portal/${segmentOf(2)}`}>
            <Named>
              {(company) => (
                <Frame home="/" company={company} places={places} session={session}>
                  <Switch>
                    <Route path="/" component={Promises} />
                    <Route path="/staff-access/:grant?">
                      {({ grant }) => <StaffAccess isOwner={isOwner} grant={grant ?? null} />}
                    </Route>
                    <Route path="/people">
                      <People own={session.account} tenant={tenant} />
                    </Route>
                    <Route path="/sign-in-ways/:connection?">
                      {({ connection }) => <SignInWays tried={connection ?? null} />}
                    </Route>
                    <Route path="/settings">
                      <PortalSettings />
                    </Route>
                    <Route path="/ledger/:entry?">
                      {({ entry }) => (
                        <Ledger entry={entry === undefined ? null : Number(entry)} base="/ledger" />
                      )}
                    </Route>
                    <Route path="/account">
                      <Account session={session} />
                    </Route>
                    <Route>
                      <Page title="There is nothing at this address">
                        <p>
                          <Link href="/">What you are promised</Link>
                        </p>
                      </Page>
                    </Route>
                  </Switch>
                </Frame>
              )}
            </Named>
          </Router>
        )
      }}
    </Door>
  )
}

/** Whoever came from an app to sign in goes back there. */
function GoOn({ to }: { to: string }) {
  useEffect(() => location.replace(to), [to])
  return (
    <Outside>
      <h1>You are signed in</h1>
      <p role="status">Going back to where you came from …</p>
      <p>
        <a href={to}>Go on</a>
      </p>
    </Outside>
  )
}

function Promises() {
  const claims = useRead('/api/claims', undefined, 30)
  const strips = useRead('/api/strips', undefined, 60)
  const byClaim = new Map(strips.data?.strips.map(({ claim, days }) => [claim, days]))
  return (
    <Page
      title="What you are promised"
      lede="Each sentence of the security page, whether it holds now, and until when the proof of it is good."
    >
      {codeOf(claims.error) === 'not-found' ? (
        <Empty>
          <p>Nothing is published yet.</p>
        </Empty>
      ) : (
        <Loaded of={claims}>
          {({ claims: all }) => (
            <ul className="claims wide">
              {all.map((claim) => (
                <li key={claim.id}>
                  <div>
                    <a
                      href={`/claims/${encodeURIComponent(claim.id)}`}
                      className={`claim ${claim.verdict}`}
                    >
                      {claim.text}
                    </a>
                  </div>
                  <div className="margin">
                    <span className="until">
                      <Verdict of={claim.verdict} />
                      {claim.until && (
                        <>
                          {' '}
                          until <When at={Date.parse(claim.until)} />
                        </>
                      )}
                    </span>
                    {byClaim.has(claim.id) && <Strip days={byClaim.get(claim.id)!} />}
                  </div>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      )}
    </Page>
  )
}
