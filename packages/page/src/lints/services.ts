import type { Span } from '../place.ts'
import type { Reading, Said } from './reading.ts'

/** Services that a SaaS company commonly hands data to, by what they do with it. */
const rows = {
  hosting:
    'AWS = Amazon Web Services = Amazon EC2 = Amazon S3 = Amazon RDS | Google Cloud = Google Cloud Platform = GCP | Azure = Microsoft Azure | Heroku | DigitalOcean | Linode | Hetzner | OVH = OVHcloud | Scaleway | Rackspace | Vercel | Netlify | Fly.io | Oracle Cloud | IBM Cloud | Cloudflare | Fastly | Akamai | MongoDB Atlas | Snowflake | Supabase',
  logs: 'Papertrail | Loggly | Datadog | New Relic | Splunk Cloud | Sumo Logic | Logz.io | LogDNA | Mezmo | Better Stack | Logtail | Grafana Cloud | Honeycomb | Dynatrace | AppDynamics | Elastic Cloud',
  errors:
    'Rollbar | Sentry | Bugsnag | Airbrake | Honeybadger | Raygun | LogRocket | FullStory | Hotjar',
  support:
    'Intercom | Zendesk | Freshdesk | Help Scout | HubSpot | Salesforce Service Cloud | Jira Service Management | Crisp',
  chat: 'Slack | Microsoft Teams',
  mail: 'SendGrid | Mailgun | Postmark | Mailchimp | Mandrill | SparkPost | Twilio | Customer.io',
  alerts: 'PagerDuty | Opsgenie | VictorOps',
  analytics: 'Mixpanel | Amplitude | Google Analytics | Heap Analytics | Pendo',
  payments: 'Stripe | Braintree | Chargebee | Recurly | Adyen',
} as const

export type ServiceKind = keyof typeof rows

export interface Use extends Span {
  service: string
  kind: ServiceKind
  said: Said
}

const known = new Map<string, { service: string; kind: ServiceKind }>()
for (const [kind, list] of Object.entries(rows) as [ServiceKind, string][]) {
  for (const row of list.split(' | ')) {
    const [service, ...others] = row.split(' = ')
    for (const name of [service!, ...others]) {
      known.set(name.toLowerCase(), { service: service!, kind })
    }
  }
}

const names = [...known.keys()].sort((a, b) => b.length - a.length)
const pattern = new RegExp(
  `(?<![\\w@.-])(?:${names.map((name) => name.replaceAll('.', '\\.')).join('|')})(?![\\w-]*\\w|@)`,
  'g',
)
const firstWords = [...new Set(names.map((name) => /^[a-z0-9]+/.exec(name)![0]))]

/** What a customer may connect is no service that the company hands data to. */
const customersOwn =
  /\b(?:sso|saml|single sign-on|sign-on|sign in|log in|login|identity providers?|integrations?|marketplace|your own|azure (?:ad|active directory))\b/

/** Who was left or was only looked at gets no data today. */
const behindUs =
  /\b(?:from|left|(?:no longer|not) (?:use|run on|host (?:at|on|with)|rely on)|used to (?:use|run on|host (?:at|on|with))|ran on|compared|considered|evaluated|instead of|rather than|unlike|replaced)(?: (?!(?:to|with|by|for)\b)[a-z.]+,?(?: and)?){0,3} $/
const overSince = /^[^.;,]{0,30}\b(?:until|till) (?:\w+ ){0,2}(?:19|20)\d\d\b/

const perPage = new WeakMap<Reading, readonly Use[]>()

/** Every mention of a known service by which the page says that the company uses it. */
export function servicesOf(page: Reading): readonly Use[] {
  let uses = perPage.get(page)
  if (!uses) {
    uses = page.stating(firstWords).flatMap((said) => servicesIn(said))
    perPage.set(page, uses)
  }
  return uses
}

function servicesIn(said: Said): Use[] {
  if (customersOwn.test(said.text)) return []
  const uses: Use[] = []
  for (const match of said.text.matchAll(pattern)) {
    // Names are names only where they begin with a capital.
    if (!/[A-Z]/.test(said.raw[match.index]!)) continue
    const [before, after] = [said.text.slice(0, match.index), said.text.slice(match.index + match[0].length)] // prettier-ignore
    if (overSince.test(after) || (behindUs.test(before.slice(-80)) && !/\b(?:data|logs?|errors?|alerts?)\b[^.;]{0,30}\bfrom $/.test(before))) continue // prettier-ignore
    const { service, kind } = known.get(match[0])!
    uses.push({ service, kind, said, from: match.index, to: match.index + match[0].length })
  }
  return uses
}

/** The first use of each service. */
export function firstUses(uses: readonly Use[]): Use[] {
  const first = new Map<string, Use>()
  for (const use of uses) if (!first.has(use.service)) first.set(use.service, use)
  return [...first.values()]
}

/** Names services with their lines: `Slack (line 33), Rollbar (line 39)`. */
export function sayUses(uses: readonly Use[]): string {
  const shown = uses.slice(0, 5).map(({ service, said }) => `${service} (line ${said.line})`)
  if (uses.length > shown.length) shown.push(`${uses.length - shown.length} more`)
  return shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
