import type { Answer } from '@kept/client'
import { useEffect, useRef, useState } from 'react'
import { segmentOf } from '../address.ts'
import { kept, useChange, useRead } from '../api.ts'
import {
  Area,
  Empty,
  Field,
  Form,
  Loaded,
  Problem,
  Select,
  ToCopy,
  Twice,
  When,
} from '../parts.tsx'
import { Verdict } from '../verdict.tsx'
import { Trials } from './trials.tsx'

type Connection = Answer<'/api/connections', 'get'>['connections'][number]
type Fields = Record<string, string>

const changes = ['/api/connections']
const google = 'https://accounts.google.com'

export function Connections({ tried }: { tried: string | null }) {
  const connections = useRead('/api/connections')
  const [shown, setShown] = useState(tried)
  return (
    <section aria-labelledby="connections">
      <h2 id="connections">Connections</h2>
      <Loaded of={connections}>
        {({ connections: all }) =>
          all.length === 0 ? (
            <Empty>
              <p>
                None. A new connection lets nobody in until you enable it, so try it first. It takes
                a verified domain.
              </p>
            </Empty>
          ) : (
            <ul className="rows">
              {all.map((connection) => (
                <Row key={connection.id} of={connection} isShown={connection.id === shown} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Add added={setShown} />
    </section>
  )
}

function Row({ of: connection, isShown }: { of: Connection; isShown: boolean }) {
  const { id, kind, label, enabled, provider, certificatesEndAt } = connection
  const path = { path: { connection: id } }
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isShown) row.current!.scrollIntoView({ block: 'start' })
  }, [isShown])
  const attempt = useChange(() =>
    kept.post('/api/connections/{connection}/trials', { params: path }),
  )
  const set = useChange(
    (to: boolean) =>
      kept.put('/api/connections/{connection}/enabled', { params: path, body: { enabled: to } }),
    changes,
  )
  const remove = useChange(
    () => kept.delete('/api/connections/{connection}', { params: path }),
    changes,
  )
  return (
    <li className="tall" ref={row}>
      <div>
        <b>{label}</b>{' '}
        {enabled ? <Verdict of="kept">Enabled</Verdict> : <Verdict of="due">Not enabled</Verdict>}
        <p className="soft">
          {kind === 'oidc' ? 'OpenID Connect' : 'SAML 2.0'},{' '}
          <span className="wrap">{provider}</span>
          {certificatesEndAt !== null && (
            <>
              ; its certificates end <When at={certificatesEndAt} />
            </>
          )}
        </p>
      </div>
      <span className="acts">
        <button
          type="button"
          className="quiet"
          disabled={attempt.isPending}
          onClick={() =>
            attempt.mutate(undefined, { onSuccess: ({ address }) => location.assign(address) })
          }
        >
          Test this connection
        </button>
        {enabled ? (
          <Twice
            label="Disable"
            asks={`Nobody comes in by “${label}” any more, and the sessions that it began end.`}
            act={() => set.mutate(false)}
            busy={set.isPending}
          />
        ) : (
          <button
            type="button"
            className="quiet"
            disabled={set.isPending}
            onClick={() => set.mutate(true)}
          >
            Enable
          </button>
        )}
        <Twice
          label="Remove"
          asks={`The sessions that “${label}” began end, and nobody is known by it any more.`}
          act={() => remove.mutate(undefined)}
          busy={remove.isPending}
        />
      </span>
      <div className="whole">
        <Problem of={attempt.error ?? set.error ?? remove.error} />
        <details open={isShown}>
          <summary>Addresses, and what came of tests</summary>
          <Addresses of={connection} />
          <Renew of={connection} />
          <Trials connection={id} />
        </details>
      </div>
    </li>
  )
}

/** What the provider is told of us, and where users begin. */
function Addresses({ of: { id, callback, entityId, consumer, clientId } }: { of: Connection }) {
  return (
    <>
      {clientId !== null && <p className="soft">Client id {clientId}</p>}
      {callback !== null && <ToCopy label="Redirect address" value={callback} />}
      {entityId !== null && (
        <>
          <ToCopy label="Our metadata" value={`${entityId}/metadata`} />
          <ToCopy label="Our entity id" value={entityId} />
        </>
      )}
      {consumer !== null && <ToCopy label="Assertion consumer service (ACS)" value={consumer} />}
      <ToCopy
        label="Sign-in page for this connection, where you have several"
        value={`${location.origin}/portal/${segmentOf(2)}?connection=${id}`}
      />
    </>
  )
}

/** Secrets and certificates of a provider change in time. */
function Renew({ of: { id, kind } }: { of: Connection }) {
  const path = { path: { connection: id } }
  const renew = useChange(
    ({ clientSecret, metadata }: Fields) =>
      kind === 'oidc'
        ? kept.put('/api/connections/{connection}/secret', {
            params: path,
            body: { clientSecret: clientSecret! },
          })
        : kept.put('/api/connections/{connection}/metadata', {
            params: path,
            body: { metadata: metadata! },
          }),
    changes,
  )
  return (
    <details>
      <summary>{kind === 'oidc' ? 'Set another client secret' : 'Send newer metadata'}</summary>
      <Form send={(fields, form) => renew.mutate(fields, { onSuccess: () => form.reset() })}>
        {kind === 'oidc' ? <ClientSecret /> : <Metadata />}
        <Problem of={renew.error} />
        {renew.isSuccess && <p role="status">It holds from now on.</p>}
        <button type="submit" disabled={renew.isPending}>
          Set it
        </button>
      </Form>
    </details>
  )
}

function Add({ added }: { added: (id: string) => void }) {
  const [kind, setKind] = useState('oidc')
  const add = useChange(
    ({ label, issuer, clientId, clientSecret, metadata }: Fields) =>
      kind === 'saml'
        ? kept.post('/api/connections/saml', { body: { label: label!, metadata: metadata! } })
        : kept.post('/api/connections/oidc', {
            body: {
              label: label!,
              issuer: kind === 'google' ? google : issuer!,
              clientId: clientId!,
              clientSecret: clientSecret!,
            },
          }),
    changes,
  )
  return (
    <details>
      <summary>Add a connection</summary>
      <Form
        send={(fields, form) =>
          add.mutate(fields, {
            onSuccess({ id }) {
              form.reset()
              added(id)
            },
          })
        }
      >
        <Select label="By" value={kind} onChange={(event) => setKind(event.target.value)}>
          <option value="oidc">OpenID Connect: Okta, Keycloak and others</option>
          <option value="google">Google Workspace</option>
          <option value="saml">SAML 2.0: Entra ID and others</option>
        </Select>
        <Field label="What you call it" name="label" required maxLength={100} />
        {kind === 'oidc' && (
          <Field
            label="Issuer"
            name="issuer"
            required
            maxLength={500}
            placeholder="https://accounts.example.com"
            says="As it stands in the provider’s .well-known/openid-configuration."
          />
        )}
        {kind === 'saml' ? (
          <Metadata />
        ) : (
          <>
            <Field
              label="Client id"
              name="clientId"
              required
              maxLength={500}
              autoComplete="off"
              says="Of a web application at the provider. Its redirect address is shown here once you have added the connection."
            />
            <ClientSecret />
          </>
        )}
        <Problem of={add.error} />
        <button type="submit" disabled={add.isPending}>
          Add it
        </button>
      </Form>
    </details>
  )
}

function ClientSecret() {
  return (
    <Field
      label="Client secret"
      name="clientSecret"
      type="password"
      required
      maxLength={1000}
      autoComplete="off"
      says="Kept sealed, and not shown again."
    />
  )
}

/** Pasted, or read of a file into the same field, where it can be looked at. */
function Metadata() {
  const [unread, setUnread] = useState<unknown>(null)
  const read = async ({ files, form }: HTMLInputElement) => {
    const text = (await files?.[0]?.text()) ?? ''
    const area = form!.elements.namedItem('metadata') as HTMLTextAreaElement
    area.value = text
    setUnread(null)
  }
  return (
    <>
      <Area
        label="The provider’s metadata (XML)"
        name="metadata"
        rows={6}
        required
        maxLength={60_000}
        says="Take it from the provider itself: its own signature is not looked at."
      />
      <Field
        label="Or from a file"
        type="file"
        accept=".xml,application/xml,text/xml,application/samlmetadata+xml"
        onChange={(event) => void read(event.target).catch(setUnread)}
      />
      <Problem of={unread} />
    </>
  )
}
