import { kept, useChange } from './api.ts'
import { Problem, ToCopy, Twice } from './parts.tsx'

/** What an app is told of the providers by which Kept signs in there as two test customers. */
export function TestProviders({ service }: { service: string }) {
  const open = useChange((renew: boolean) =>
    kept.post('/api/probe/providers', { body: { service, renew } }),
  )
  const providers = open.data?.providers
  return (
    <>
      <h2>Test providers</h2>
      <p className="soft">
        Where the page promises single sign-on, Kept signs in here as two customers that exist for
        nothing else, each by a provider of its own. The app is told of them once.
      </p>
      {providers?.map(({ side, issuer, clientId, clientSecret, metadata }) => (
        <section key={side} aria-labelledby={`provider-${side}`}>
          <h3 id={`provider-${side}`}>Customer {side}</h3>
          <ToCopy label="Issuer" value={issuer} />
          <ToCopy label="Client id" value={clientId} />
          <ToCopy label="Client secret" value={clientSecret} />
          <ToCopy label="SAML metadata" value={metadata} />
        </section>
      ))}
      <Problem of={open.error} />
      <p className="acts">
        {providers ? (
          <Twice
            label="Make keys and secrets anew"
            asks="The app is to be told again: until then Kept can sign in there no more, and nothing is known of its single sign-on."
            act={() => open.mutate(true)}
            busy={open.isPending}
          />
        ) : (
          <button
            type="button"
            className="quiet"
            disabled={open.isPending}
            onClick={() => open.mutate(false)}
          >
            Show what the app is told
          </button>
        )}
      </p>
    </>
  )
}
