import { Link } from 'wouter'
import { kept, useChange } from './api.ts'
import { Problem, ToCopy } from './parts.tsx'

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
        <button
          type="button"
          className="quiet"
          disabled={open.isPending}
          onClick={() => open.mutate(false)}
        >
          Show what the app is told
        </button>
        {providers && (
          <button
            type="button"
            className="quiet"
            disabled={open.isPending}
            onClick={() => open.mutate(true)}
          >
            Make keys and secrets anew
          </button>
        )}
      </p>
      {providers && (
        <p className="soft">
          After new ones nothing is known of <Link href="/console">that sentence</Link> until the
          app has them too.
        </p>
      )}
    </>
  )
}
