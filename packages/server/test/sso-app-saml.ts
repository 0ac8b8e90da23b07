import { SAML } from '@node-saml/node-saml'
import { DOMParser, type Document, type Element } from '@xmldom/xmldom'
import { SignedXml } from 'xml-crypto'
import { randomBytes } from 'node:crypto'
import type { App, AppConnection, Said } from './sso-app.ts'

export type Hole =
  | 'takes unsigned assertions'
  | 'takes the key of a response'
  | 'takes the key of the issuer that a response names'
  | 'takes any audience of SAML'
  | 'takes any recipient'
  | 'takes old assertions'
  | 'takes assertions an hour late'
  | 'takes any response'
  | 'takes responses to no request'
  | 'takes assertions for everybody'
  | 'takes responses again'
  | 'takes responses of any browser'
  | 'reads the first assertion'
  | 'reads up to a comment'

const begun = new Map<string, string>()

const addressOf = (app: App, tenant: string) => `${app.url}/saml/${tenant}/acs`
const entityOf = (app: App, tenant: string) => `${app.url}/saml/${tenant}`

export async function begin(app: App, connection: AppConnection, browser: string): Promise<string> {
  const id = `_${randomBytes(16).toString('hex')}`
  begun.set(id, browser)
  const saml = new SAML({
    idpCert: connection.certificate,
    issuer: entityOf(app, connection.tenant),
    callbackUrl: addressOf(app, connection.tenant),
    entryPoint: `${connection.issuer}/sso`,
    generateUniqueId: () => id,
  })
  return await saml.getAuthorizeUrlAsync('', undefined, {})
}

/** As somebody writes it who takes a library for signatures and reads the rest by hand. */
export async function take(
  app: App,
  tenant: string,
  body: URLSearchParams,
  browser: string,
): Promise<Said & { tenant: string }> {
  const must = (holds: boolean, ...holes: Hole[]) => {
    if (!holds && !holes.some((hole) => app.holes.has(hole))) throw new Error(holes.join())
  }
  const xml = Buffer.from(body.get('SAMLResponse') ?? '', 'base64').toString('utf8')
  const document = new DOMParser().parseFromString(xml, 'text/xml')
  const [named = ''] = textsOf(document, 'Issuer')
  const ofIssuer = app.holes.has('takes the key of the issuer that a response names')
  const connection = app.connections.find(
    (one) => one.kind === 'saml' && (ofIssuer ? one.issuer === named : one.tenant === tenant),
  )!
  const asserted = readSigned(app, document, xml, connection)
  must(textsOf(asserted, 'Issuer')[0] === connection.issuer, 'takes unsigned assertions')
  const [audience] = textsOf(asserted, 'Audience')
  if (audience === undefined)
    must(false, 'takes any audience of SAML', 'takes assertions for everybody')
  else must(audience === entityOf(app, tenant), 'takes any audience of SAML')
  const [confirmed] = [...asserted.getElementsByTagName('saml:SubjectConfirmationData')]
  must(confirmed!.getAttribute('Recipient') === addressOf(app, tenant), 'takes any recipient')
  const late = app.holes.has('takes assertions an hour late') ? 3_600_000 : 0
  const until = Date.parse(confirmed!.getAttribute('NotOnOrAfter')!)
  must(until > Date.now() - late, 'takes old assertions')
  const request = confirmed!.getAttribute('InResponseTo') ?? ''
  const by = begun.get(request)
  if (request === '') must(false, 'takes any response', 'takes responses to no request')
  else must(by !== undefined, 'takes any response', 'takes responses again')
  must(by === undefined || by === browser, 'takes responses of any browser')
  begun.delete(request)
  const [subject = ''] = textsOf(asserted, 'NameID', app.holes.has('reads up to a comment'))
  const [email = ''] = textsOf(asserted, 'AttributeValue', app.holes.has('reads up to a comment'))
  return await Promise.resolve({ tenant: connection.tenant, subject, email })
}

/** What a signature covers, or with a hole what it does not. */
function readSigned(
  app: App,
  document: Document,
  xml: string,
  { certificate }: AppConnection,
): Element {
  const assertions = [...document.getElementsByTagName('saml:Assertion')]
  const signatures = [
    ...document.getElementsByTagNameNS('http://www.w3.org/2000/09/xmldsig#', 'Signature'),
  ]
  if (signatures.length === 0 && app.holes.has('takes unsigned assertions')) return assertions[0]!
  const [told] = textsOf(document, 'X509Certificate')
  const key = app.holes.has('takes the key of a response') ? (told ?? certificate) : certificate
  const of = assertions[0]!.getAttribute('ID')
  const isFirst = app.holes.has('reads the first assertion')
  const signature = signatures.find((one) => {
    const [reference] = [...one.getElementsByTagNameNS('*', 'Reference')]
    const covers = assertions.find(
      (a) => `#${a.getAttribute('ID')}` === reference?.getAttribute('URI'),
    )
    return isFirst ? covers !== undefined : covers?.getAttribute('ID') === of
  })
  if (!signature) throw new Error('no signature of it')
  const checker = new SignedXml({
    publicCert: `-----BEGIN CERTIFICATE-----\n${key}\n-----END CERTIFICATE-----`,
    getCertFromKeyInfo: () => null,
  })
  checker.loadSignature(signature)
  if (!checker.checkSignature(xml)) throw new Error('signature')
  if (isFirst) return assertions[0]!
  const [signed = ''] = checker.getSignedReferences()
  // What was signed is read without its comments, which is how a name comes whole.
  const read = app.holes.has('reads up to a comment') ? null : signed
  return read === null
    ? assertions[0]!
    : new DOMParser().parseFromString(read, 'text/xml').documentElement!
}

function textsOf(within: Document | Element, name: string, isCut = false): string[] {
  return [...within.getElementsByTagNameNS('*', name)].map((one) =>
    isCut ? (one.firstChild?.nodeValue ?? '') : (one.textContent ?? ''),
  )
}
