import { useState } from 'react'
import { kept, renewSession, signOut } from '../api.ts'
import { useMutation } from '@tanstack/react-query'
import { Field, Form, Problem } from '../parts.tsx'
import { hasPasskeys, provePasskey } from './passkey.tsx'

/** Asks for a code of the app, or for one of recovery; `done` once one was right. */
export function ProveFactor({ done, says = 'Go on' }: { done: () => void; says?: string }) {
  const [way, setWay] = useState<'totp' | 'recovery'>('totp')
  const prove = useMutation({
    mutationFn: (code: string) =>
      way === 'totp'
        ? kept.post('/api/session/totp', { body: { code: code.replaceAll(' ', '') } })
        : kept.post('/api/session/recovery', { body: { code } }),
    onSuccess: done,
  })
  const passkey = useMutation({ mutationFn: provePasskey, onSuccess: done })
  const turn = () => {
    prove.reset()
    setWay(way === 'totp' ? 'recovery' : 'totp')
  }
  return (
    <Form key={way} send={({ code }) => prove.mutate(code!)}>
      {way === 'totp' ? (
        <Field
          label="Code of your authenticator app"
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9 ]{6,7}"
          title="six digits"
          required
          autoFocus
        />
      ) : (
        <Field
          label="Recovery code"
          name="code"
          autoComplete="off"
          required
          autoFocus
          says="It is used up by this."
        />
      )}
      <Problem of={prove.error ?? passkey.error} />
      <p className="acts">
        <button type="submit" disabled={prove.isPending}>
          {says}
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
        <button type="button" className="link" onClick={turn}>
          {way === 'totp' ? 'Use a recovery code' : 'Use the authenticator app'}
        </button>
      </p>
    </Form>
  )
}

export function SecondFactor() {
  return (
    <>
      <h1>Your second factor</h1>
      <ProveFactor done={() => void renewSession()} />
      <p className="soft">
        All factors lost? An owner can make you a new link.{' '}
        <button type="button" className="link" onClick={() => void signOut()}>
          Sign in as somebody else
        </button>
      </p>
    </>
  )
}
