import { useState } from 'react'
import { kept, queries, useChange, useRead, type Session } from './api.ts'
import { Enrol } from './entry/enrol.tsx'
import { hasPasskeys, makePasskey } from './entry/passkey.tsx'
import {
  Dialog,
  Empty,
  Field,
  Form,
  Loaded,
  Page,
  Problem,
  RecoveryCodes,
  ToCopy,
  Twice,
  When,
} from './parts.tsx'

/** How somebody proves who they are: sessions, factors, codes, keys. */
export default function Account({ session }: { session: Session }) {
  return (
    <Page title="Account" lede={`${session.name}, ${session.email}`}>
      <Sessions />
      <Factors session={session} />
      <Keys />
    </Page>
  )
}

const words: Readonly<Record<string, string>> = {
  password: 'password',
  totp: 'authenticator app',
  passkey: 'passkey',
  recovery: 'recovery code',
  link: 'one-time link',
  provider: 'own provider',
  mfa: 'second factor of the provider',
}

export function sayFactors(factors: readonly string[]): string {
  return factors.map((factor) => words[factor] ?? factor).join(', ')
}

function Sessions() {
  const sessions = useRead('/api/sessions', undefined, 30)
  const end = useChange(
    (id: string) => kept.delete('/api/sessions/{session}', { params: { path: { session: id } } }),
    ['/api/sessions'],
  )
  const endOthers = useChange(() => kept.post('/api/sessions/end', {}), ['/api/sessions'])
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">Sessions</h2>
      <Loaded of={sessions}>
        {({ sessions: all }) => (
          <>
            <ul className="rows">
              {all.map(({ id, own, agent, address, beganAt, usedAt, endsAt, factors, apps }) => (
                <li key={id}>
                  <div>
                    <b>{sayAgent(agent)}</b> {own && <span className="soft">this one</span>}
                    <p className="soft">
                      by {sayFactors(factors)}
                      {address && `, from ${address}`}; since <When at={beganAt} />, last used{' '}
                      <When at={usedAt} distance />, until <When at={endsAt} />
                      {apps.length > 0 && `; also in ${apps.join(', ')}`}
                    </p>
                  </div>
                  {!own && (
                    <button
                      type="button"
                      className="quiet"
                      onClick={() => end.mutate(id)}
                      disabled={end.isPending}
                    >
                      End it
                    </button>
                  )}
                </li>
              ))}
            </ul>
            {all.length > 1 && (
              <p className="acts">
                <button
                  type="button"
                  onClick={() => endOthers.mutate(undefined)}
                  disabled={endOthers.isPending}
                >
                  End all others
                </button>
              </p>
            )}
          </>
        )}
      </Loaded>
      <Problem of={end.error ?? endOthers.error} />
    </section>
  )
}

/** `Chrome on Linux`, as far as a browser says it; whatever else it says as it is. */
function sayAgent(agent: string): string {
  const name = /Edg|OPR|Firefox|Chrome|Safari/.exec(agent)?.[0]
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(agent)?.[0]
  return name && system ? `${name} on ${system}` : agent || 'a program'
}

/** What is set up changed. */
function renew(): void {
  void queries.invalidateQueries({ queryKey: ['session'] })
}

function Factors({ session }: { session: Session }) {
  const [isOpen, setOpen] = useState<'totp' | 'password' | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const remove = useChange(() => kept.delete('/api/account/totp', {}), [])
  const make = useChange(() => kept.post('/api/account/recovery-codes', {}))
  const { has } = session
  const done = () => {
    setOpen(null)
    renew()
  }
  return (
    <section aria-labelledby="factors">
      <h2 id="factors">Factors</h2>
      <p>This session was proved by {sayFactors(session.factors)}.</p>
      <ul className="rows">
        <li>
          <div>
            <b>Password</b>
            <p className="soft">Setting another ends all other sessions.</p>
          </div>
          <button type="button" className="quiet" onClick={() => setOpen('password')}>
            Change it
          </button>
        </li>
        <li>
          <div>
            <b>Authenticator app</b>
            <p className="soft">
              Six digits on your telephone, each good once.{' '}
              {has.totp ? 'It is set up.' : 'None is set up.'}
            </p>
          </div>
          {has.totp ? (
            <Twice
              label="Remove it"
              asks="Its codes let you in no more. The staff keep at least one second factor."
              act={() => remove.mutate(undefined, { onSuccess: done })}
              busy={remove.isPending}
            />
          ) : (
            <button type="button" className="quiet" onClick={() => setOpen('totp')}>
              Set it up
            </button>
          )}
        </li>
        <Passkeys />
        <li>
          <div>
            <b>Recovery codes</b>
            <p className="soft">
              Ten, for when the telephone is gone: {has.recoveryCodes} are left. Making new ones
              ends the old.
            </p>
          </div>
          <button
            type="button"
            className="quiet"
            disabled={make.isPending}
            onClick={() =>
              make.mutate(undefined, {
                onSuccess({ codes: made }) {
                  setCodes(made)
                  renew()
                },
              })
            }
          >
            Make new ones
          </button>
        </li>
      </ul>
      <Problem of={remove.error ?? make.error} />
      {codes && (
        <Dialog title="New recovery codes" close={() => setCodes(null)}>
          <RecoveryCodes codes={codes} />
          <p className="acts">
            <button type="button" onClick={() => setCodes(null)}>
              I have kept them
            </button>
          </p>
        </Dialog>
      )}
      {isOpen === 'totp' && (
        <Dialog title="Authenticator app" close={() => setOpen(null)}>
          <Enrol done={done} />
        </Dialog>
      )}
      {isOpen === 'password' && (
        <Dialog title="New password" close={() => setOpen(null)}>
          <Password done={done} />
        </Dialog>
      )}
    </section>
  )
}

/** Device and finger in one: a passkey alone signs somebody in. */
function Passkeys() {
  const list = useRead('/api/account/passkeys')
  const changed = ['/api/account/passkeys']
  const make = useChange(makePasskey, changed)
  const remove = useChange(
    (passkey: string) =>
      kept.delete('/api/account/passkeys/{passkey}', { params: { path: { passkey } } }),
    changed,
  )
  return (
    <>
      {list.data?.passkeys.map(({ id, label, usedAt }) => (
        <li key={id}>
          <div>
            <b>Passkey</b>
            <p className="soft">
              {label}
              {usedAt === null
                ? ', not used yet'
                : `, last used ${new Date(usedAt).toLocaleDateString()}`}
            </p>
          </div>
          <Twice
            label="Remove it"
            asks="It lets you in no more. The staff keep at least one second factor."
            act={() => remove.mutate(id)}
            busy={remove.isPending}
          />
        </li>
      ))}
      <li>
        <div>
          <b>{list.data?.passkeys.length ? 'Another passkey' : 'Passkey'}</b>
          <p className="soft">
            {hasPasskeys
              ? 'A finger or PIN of this device, and nothing to type.'
              : 'Needs this Kept to be opened by a name, such as localhost.'}
          </p>
          <Problem of={make.error ?? remove.error} />
        </div>
        {hasPasskeys && (
          <button
            type="button"
            className="quiet"
            disabled={make.isPending}
            onClick={() => make.mutate(undefined)}
          >
            Make one
          </button>
        )}
      </li>
    </>
  )
}

function Password({ done }: { done: () => void }) {
  const set = useChange(
    (password: string) => kept.put('/api/account/password', { body: { password } }),
    ['/api/sessions'],
  )
  return (
    <Form send={({ password }) => set.mutate(password!, { onSuccess: done })}>
      <Field
        label="New password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
      />
      <Problem of={set.error} />
      <p className="acts">
        <button type="submit" disabled={set.isPending}>
          Set it
        </button>
        <button type="button" className="quiet" onClick={done}>
          Cancel
        </button>
      </p>
    </Form>
  )
}

function Keys() {
  const keys = useRead('/api/keys')
  const [made, setMade] = useState<string | null>(null)
  const make = useChange(
    ({ label, scopes, days }: Record<string, string>) =>
      kept.post('/api/keys', {
        body: {
          label: label!,
          scopes: scopes!.split(/[\s,]+/).filter(Boolean),
          days: Number(days),
        },
      }),
    ['/api/keys'],
  )
  const end = useChange(
    (key: string) => kept.delete('/api/keys/{key}', { params: { path: { key } } }),
    ['/api/keys'],
  )
  return (
    <section aria-labelledby="keys">
      <h2 id="keys">API keys</h2>
      <Loaded of={keys}>
        {({ keys: all }) =>
          all.length === 0 ? (
            <Empty>
              <p>
                None. A key lets a program of yours do some of what you may, for a time; it never
                signs in, and makes no other keys.
              </p>
            </Empty>
          ) : (
            <ul className="rows">
              {all.map(({ id, label, scopes, madeAt, endsAt, usedAt }) => (
                <li key={id}>
                  <div>
                    <b>{label}</b> <code>{scopes.join(' ')}</code>
                    <p className="soft">
                      made <When at={madeAt} />, until <When at={endsAt} />,{' '}
                      {usedAt === null ? (
                        'never used'
                      ) : (
                        <>
                          last used <When at={usedAt} distance />
                        </>
                      )}
                    </p>
                  </div>
                  <Twice
                    label="End it"
                    asks={`Programs that use “${label}” are refused from now on.`}
                    act={() => end.mutate(id)}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Problem of={end.error} />
      {made && <ToCopy label="The key, shown once" value={made} />}
      <details>
        <summary>Make a key</summary>
        <Form
          send={(fields, form) =>
            make.mutate(fields, {
              onSuccess({ key }) {
                setMade(key)
                form.reset()
              },
            })
          }
        >
          <Field label="What it is for" name="label" required maxLength={100} />
          <Field
            label="What it may do"
            name="scopes"
            required
            className="mono"
            placeholder="claims.list claims.show"
            says="Actions, or all of a capability as claims.*, separated by spaces."
          />
          <Field
            label="Days"
            name="days"
            type="number"
            min={1}
            max={366}
            defaultValue={90}
            required
          />
          <Problem of={make.error} />
          <button type="submit" disabled={make.isPending}>
            Make it
          </button>
        </Form>
      </details>
    </section>
  )
}
