import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { signOut, useSession, type Session } from './api.ts'
import { EnrolFirst } from './entry/enrol.tsx'
import { SecondFactor } from './entry/factor.tsx'
import { NewPassword, SignIn } from './entry/sign-in.tsx'
import { Problem } from './parts.tsx'
import { StepUp } from './step-up.tsx'
import { sayZone } from './time.ts'

const Palette = lazy(() => import('./palette.tsx'))

export interface Place {
  name: string
  path: string
}

/** A narrow column, for whoever is not in yet. */
export function Outside({ children }: { children: ReactNode }) {
  useEffect(() => {
    document.title = 'Kept'
  })
  return <main className="outside">{children}</main>
}

/**
 * What stands before everything else: it asks for what the server says is still owed. It keeps nobody out,
 * since the server refuses whatever was not proved; it only shows the way.
 */
export function Door({
  tenant,
  children,
}: {
  tenant: string | null
  children: (session: Session) => ReactNode
}) {
  const session = useSession()
  if (session.error) {
    return (
      <Outside>
        <h1>Kept does not answer</h1>
        <Problem of={session.error} />
        <button type="button" onClick={() => void session.refetch()}>
          Try again
        </button>
      </Outside>
    )
  }
  if (session.data === undefined) return <Outside>{null}</Outside>
  if (session.data === null) {
    return (
      <Outside>
        <SignIn tenant={tenant} />
      </Outside>
    )
  }
  const { needs, tenant: own, name } = session.data
  if (own !== tenant)
    return (
      <Outside>
        <Elsewhere name={name} own={own} />
      </Outside>
    )
  if (needs.includes('factor'))
    return (
      <Outside>
        <SecondFactor />
      </Outside>
    )
  if (needs.includes('enrolment'))
    return (
      <Outside>
        <EnrolFirst />
      </Outside>
    )
  if (needs.includes('password'))
    return (
      <Outside>
        <NewPassword />
      </Outside>
    )
  return children(session.data)
}

function Elsewhere({ name, own }: { name: string; own: string | null }) {
  return (
    <>
      <h1>You are signed in elsewhere</h1>
      <p>
        This browser is signed in as {name}, {own === null ? 'of the staff' : `of ${own}`}. One
        browser is one person at a time.
      </p>
      <p className="acts">
        <a
          className="button"
          href={own === null ? '/console' : `/portal/${encodeURIComponent(own)}`}
        >
          Go there
        </a>
        <button type="button" className="quiet" onClick={() => void signOut()}>
          Sign out
        </button>
      </p>
    </>
  )
}

/** The frame of every page: whose it is, where one can go, who is signed in. */
export function Frame({
  home,
  company,
  places,
  session,
  children,
}: {
  home: string
  company: string
  places: readonly Place[]
  session: Session
  children: ReactNode
}) {
  const [isOpen, setOpen] = useState(false)
  const [here] = useLocation()
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setOpen((was) => !was)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  useFocusOnTurn(here)
  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header>
        <div className="bar">
          <Link href={home} className="company">
            {company}
          </Link>
          <button
            type="button"
            className="quiet finder"
            onClick={() => setOpen(true)}
            aria-keyshortcuts="Control+K"
          >
            Find <kbd>Ctrl K</kbd>
          </button>
        </div>
        <nav aria-label="Pages">
          {places.map(({ name, path }) => (
            <Link
              key={path}
              href={path}
              {...(isAt(here, path, home) ? { 'aria-current': 'page' } : {})}
            >
              {name}
            </Link>
          ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<p role="status">Reading …</p>}>{children}</Suspense>
      </main>
      <footer>
        <p>
          {session.name}, {session.role}
          {session.tenant === null ? '' : ` at ${session.tenant}`} ·{' '}
          <button type="button" className="link" onClick={() => void signOut()}>
            Sign out
          </button>{' '}
          · <a href="/">Public page</a> · times of {sayZone()}
        </p>
      </footer>
      {isOpen && (
        <Suspense>
          <Palette places={places} staff={session.tenant === null} close={() => setOpen(false)} />
        </Suspense>
      )}
      <StepUp />
    </>
  )
}

function isAt(here: string, path: string, home: string): boolean {
  return (
    here === path ||
    (path !== home && here.startsWith(`${path}/`)) ||
    (path === home && here.startsWith(`${home}/claims/`))
  )
}

/** A screen reader hears of the new page, as it would after a load. */
function useFocusOnTurn(here: string): void {
  const last = useRef(here)
  useEffect(() => {
    if (last.current === here) return
    last.current = here
    scrollTo(0, 0)
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [here])
}
