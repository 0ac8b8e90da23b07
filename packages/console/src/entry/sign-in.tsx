import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ownPath } from '../address.ts'
import { kept, providerToLeave, renewSession } from '../api.ts'
import { Field, Form, Problem } from '../parts.tsx'
import { hasPasskeys, signInByPasskey } from './passkey.tsx'

/** The first factor. `tenant` is null for the staff. */
export function SignIn({ tenant }: { tenant: string | null }) {
  const signIn = useMutation({
    mutationFn: ({ email, password }: Record<string, string>) =>
      kept.post('/api/sign-in', {
        body: { tenant, email: email!, password: password!, agent: navigator.userAgent },
      }),
    onSuccess: renewSession,
  })
  const passkey = useMutation({
    mutationFn: () => signInByPasskey(tenant),
    onSuccess: renewSession,
  })
  const provider = useMutation({
    mutationFn: () => kept.post('/api/sso', { body: goingTo(tenant!) }),
    onSuccess: ({ address }) => location.assign(address),
  })
  return (
    <>
      <h1>{tenant === null ? 'Sign in' : `Sign in to ${tenant}`}</h1>
      {providerToLeave !== null && (
        <div role="status">
          <p>
            You are signed out here. Your company’s provider may let you in again without asking.
          </p>
          <p className="acts">
            <a className="button" href={providerToLeave}>
              Sign out of the provider too
            </a>
          </p>
        </div>
      )}
      <Form send={(fields) => signIn.mutate(fields)}>
        <Field
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="username"
          required
          autoFocus
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Problem of={signIn.error} />
        <p className="acts">
          <button type="submit" disabled={signIn.isPending}>
            Sign in
          </button>
          {hasPasskeys && (
            <button
              type="button"
              className="quiet"
              disabled={passkey.isPending}
              onClick={() => passkey.mutate()}
            >
              Use a passkey
            </button>
          )}
        </p>
        <Problem of={passkey.error} />
      </Form>
      {tenant !== null && (
        <>
          <p className="acts">
            <button
              type="button"
              className="quiet"
              disabled={provider.isPending}
              onClick={() => provider.mutate()}
            >
              Sign in by your company’s provider
            </button>
          </p>
          <Problem of={provider.error} />
        </>
      )}
      <p className="soft">
        {tenant === null
          ? 'No account yet? The first owner comes by the link that kept up prints; everybody else by a link from an owner.'
          : 'No account yet? An owner of your company makes you a link.'}
      </p>
      <p className="soft">
        <a href="/">The public page</a>
      </p>
    </>
  )
}

/**
 * Strangers are not told which connections there are: the tenant's only one is meant, or the one that the
 * address names.
 */
function goingTo(tenant: string) {
  const connection = new URLSearchParams(location.search).get('connection')
  return { tenant, connection, next: ownPath() }
}

/** A password that is too short by now, or was never chosen. */
export function NewPassword() {
  const [isDifferent, setDifferent] = useState(false)
  const set = useMutation({
    mutationFn: (password: string) => kept.put('/api/account/password', { body: { password } }),
    onSuccess: renewSession,
  })
  return (
    <>
      <h1>Choose a new password</h1>
      <p>Yours is shorter than what is asked now. Any other sessions of yours end.</p>
      <Form
        send={({ password, again }) => {
          setDifferent(password !== again)
          if (password === again) set.mutate(password!)
        }}
      >
        <Field
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          required
          autoFocus
        />
        <Field
          label="The same again"
          name="again"
          type="password"
          autoComplete="new-password"
          required
        />
        {isDifferent && <Problem of="These two differ" />}
        <Problem of={set.error} />
        <button type="submit" disabled={set.isPending}>
          Set it
        </button>
      </Form>
    </>
  )
}
