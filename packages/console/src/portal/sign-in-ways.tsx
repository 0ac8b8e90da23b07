import { codeOf, useRead } from '../api.ts'
import { Page } from '../parts.tsx'
import { Connections } from './connections.tsx'
import { Directory } from './directory.tsx'
import { Domains } from './domains.tsx'

/** By which ways a tenant's users come in. `tried` is the connection that a trial came back from. */
export default function SignInWays({ tried }: { tried: string | null }) {
  const domains = useRead('/api/domains')
  if (codeOf(domains.error) === 'not-allowed') {
    return (
      <Page title="Sign-in">
        <p>Only owners see and connect providers.</p>
      </Page>
    )
  }
  return (
    <Page
      title="Sign-in"
      lede="Let your people in by your company’s own provider, and your directory say who they are: show that a domain is yours, connect the provider, try it, enable it."
    >
      <Domains domains={domains} />
      <Connections tried={tried} />
      <Directory />
    </Page>
  )
}
