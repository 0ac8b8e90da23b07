import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { kept, queries } from '../api.ts'
import { Field, Form, Problem } from '../parts.tsx'
import { Enrol } from './enrol.tsx'

/** By a one-time link, whose token stands behind the `#`, where no server sees it. */
export function Join() {
  const [token] = useState(() => location.hash.slice(1))
  const [isIn, setIn] = useState(false)
  const shown = useQuery({
    queryKey: ['invitation'],
    queryFn: () => kept.post('/api/invitations/show', { body: { token } }),
    retry: false,
    staleTime: Infinity,
    enabled: token !== '',
  })
  const accept = useMutation({
    mutationFn: ({ name, email, password }: Record<string, string>) =>
      kept.post('/api/invitations/accept', {
        body: {
          token,
          name: name ?? null,
          email: email ?? null,
          password: password!,
          agent: navigator.userAgent,
        },
      }),
    onSuccess() {
      // Used up: nobody should find it in the history of this browser.
      history.replaceState(null, '', location.pathname)
      setIn(true)
    },
  })
  const tenant = shown.data?.tenant ?? null
  const go = () => {
    queries.clear()
    location.assign(tenant === null ? '/console' : `/portal/${encodeURIComponent(tenant)}`)
  }
  if (token === '') {
    return (
      <>
        <h1>This link is not whole</h1>
        <p>
          What stands behind its # is missing. Open it from where it was sent to you, all of it.
        </p>
        <p>
          <a href="/console">Sign in</a>
        </p>
      </>
    )
  }
  if (isIn) {
    return (
      <>
        <h1>Your second factor</h1>
        <Enrol done={go} />
        {tenant !== null && (
          <p className="soft">
            <button type="button" className="link" onClick={go}>
              Later, if your company allows it
            </button>
          </p>
        )}
      </>
    )
  }
  if (shown.error) {
    return (
      <>
        <h1>This link lets nobody in</h1>
        <Problem of={shown.error} />
        <p>
          <a href="/console">Sign in</a>
        </p>
      </>
    )
  }
  if (!shown.data) return <p role="status">Reading …</p>
  const { email, known, name, passwordLength } = shown.data
  return (
    <>
      <h1>
        {known ? 'Welcome back' : tenant === null ? 'Your account' : `Your account at ${tenant}`}
      </h1>
      <p>
        {known
          ? 'Your account opens again with a new password and a new second factor; what was set up before ends.'
          : 'Choose a password; after it comes your second factor.'}
      </p>
      <Form send={(fields) => accept.mutate(fields)}>
        {name !== null && <Field label="What you are called" value={name} readOnly />}
        {!known && name === null && (
          <Field
            label="What you are called"
            name="name"
            autoComplete="name"
            required
            maxLength={61}
            says="It stands by what you do here, and stays."
          />
        )}
        {email === null ? (
          <Field
            label="E-mail address"
            name="email"
            type="email"
            autoComplete="username"
            required
          />
        ) : (
          <Field label="E-mail address" value={email} readOnly autoComplete="username" />
        )}
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={passwordLength}
          required
          says={`At least ${passwordLength} characters, and none that others use. Several words are good.`}
        />
        <Problem of={accept.error} />
        <button type="submit" disabled={accept.isPending}>
          Go on
        </button>
      </Form>
    </>
  )
}
