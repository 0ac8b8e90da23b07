import { useEffect, useState } from 'react'
import { kept, renewSession, signOut, useChange } from '../api.ts'
import { Field, Form, Problem, RecoveryCodes } from '../parts.tsx'
import { hasPasskeys, makePasskey } from './passkey.tsx'
import { Qr } from './qr.tsx'

/** Sets up an authenticator app; the first comes with recovery codes. `done` once everything is seen. */
export function Enrol({ done }: { done: () => void }) {
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const begin = useChange(() => kept.post('/api/account/totp', {}))
  const confirm = useChange((code: string) =>
    kept.post('/api/account/totp/confirm', { body: { code } }),
  )
  const passkey = useChange(makePasskey)
  const { mutate } = begin
  useEffect(() => mutate(undefined), [mutate])

  if (codes) {
    return (
      <>
        <RecoveryCodes codes={codes} />
        <p className="acts">
          <button type="button" onClick={done}>
            I have kept them
          </button>
        </p>
      </>
    )
  }
  const show = (made: readonly string[] | null) => {
    if (made) setCodes(made)
    else done()
  }
  const take = async (code: string) => show((await confirm.mutateAsync(code)).codes)
  return (
    <>
      {begin.error && <Problem of={begin.error} />}
      {begin.data && (
        <>
          <p>
            Scan this with the authenticator app on your telephone, and type the six digits that it
            shows.
          </p>
          <Qr text={begin.data.uri} label="The key for your authenticator app, as a QR code" />
          <details>
            <summary>Type the key instead</summary>
            <p className="mono wrap">{begin.data.secret.match(/.{1,4}/g)?.join(' ')}</p>
            <p className="soft">Time-based, six digits, 30 seconds, SHA-1.</p>
          </details>
          <Form send={({ code }) => void take(code!).catch(() => {})}>
            <Field
              label="Code"
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              pattern="[0-9 ]{6,7}"
              required
            />
            <Problem of={confirm.error} />
            <button type="submit" disabled={confirm.isPending}>
              Set it up
            </button>
          </Form>
          {hasPasskeys && (
            <p>
              Or{' '}
              <button
                type="button"
                className="link"
                disabled={passkey.isPending}
                onClick={() => passkey.mutate(undefined, { onSuccess: show })}
              >
                make a passkey
              </button>{' '}
              on this device, which takes a finger or its PIN and no code.
            </p>
          )}
          <Problem of={passkey.error} />
        </>
      )}
    </>
  )
}

/** What stands between a password and everything else, where no factor was set up yet. */
export function EnrolFirst() {
  return (
    <>
      <h1>Set up your second factor</h1>
      <Enrol done={() => void renewSession()} />
      <p className="soft">
        <button type="button" className="link" onClick={() => void signOut()}>
          Sign out
        </button>
      </p>
    </>
  )
}
