import { countries, type Country } from '../countries.ts'
import { areas, regionCodes } from '../regions.ts'

/** A word that a list parameter takes, and how pages write it. `=` compares as written, else by stem. */
export type Names = Readonly<Record<string, string>>

/** Services and providers that pages name. */
export const services: Names = {
  aws: 'aws | amazon web services | amazon',
  heroku: 'heroku',
  gcp: 'gcp | google cloud | google cloud platform',
  azure: 'azure | microsoft azure',
  google: '=google | google workspace | gsuite | g suite | gmail',
  microsoft: 'microsoft 365 | office 365 | entra id | microsoft',
  github: 'github',
  gitlab: 'gitlab',
  bitbucket: 'bitbucket',
  slack: '=slack',
  intercom: 'intercom',
  zendesk: 'zendesk',
  okta: 'okta',
  auth0: 'auth0',
  jira: 'jira',
  notion: '=notion',
  salesforce: 'salesforce',
  hubspot: 'hubspot',
  stripe: '=stripe',
  chargebee: 'chargebee',
  adyen: 'adyen',
  braintree: 'braintree',
  paypal: 'paypal',
  cloudflare: 'cloudflare',
  fastly: 'fastly',
  hetzner: 'hetzner',
  digitalocean: 'digitalocean | digital ocean',
  ovh: 'ovh | ovhcloud',
  render: '=render.com',
  vercel: 'vercel',
  netlify: 'netlify',
  'fly.io': 'fly.io | =Fly',
  papertrail: 'papertrail',
  rollbar: 'rollbar',
  sentry: '=sentry',
  datadog: 'datadog',
  'new-relic': 'new relic',
  splunk: 'splunk',
  sumologic: 'sumo logic',
  sentinel: 'microsoft sentinel | sentinel',
  chronicle: 'chronicle',
  pagerduty: 'pagerduty | pager duty',
  opsgenie: 'opsgenie',
  mongodb: 'mongodb atlas',
  snowflake: '=snowflake',
  twilio: 'twilio',
  sendgrid: 'sendgrid',
  '1password': '1password',
  bitwarden: 'bitwarden',
  dropbox: 'dropbox',
  confluence: 'confluence',
  asana: '=asana',
  zoom: '=zoom',
  figma: '=figma',
  npm: '=npm',
  atlassian: 'atlassian',
  ionos: 'ionos',
  scaleway: 'scaleway',
  linode: 'linode | akamai',
  oracle: 'oracle cloud',
  ibm: 'ibm cloud',
  exoscale: 'exoscale',
  upcloud: 'upcloud',
  leaseweb: 'leaseweb',
  equinix: 'equinix',
  infomaniak: 'infomaniak',
  rackspace: 'rackspace',
  supabase: 'supabase',
  'open-telekom-cloud': 'open telekom cloud',
  stackit: 'stackit',
}

const hosts =
  'aws heroku gcp azure hetzner digitalocean ovh render vercel netlify fly.io ionos scaleway linode oracle ' +
  'ibm exoscale upcloud leaseweb equinix infomaniak rackspace supabase open-telekom-cloud stackit ' +
  'cloudflare stripe chargebee adyen braintree paypal'

/** Those of the services that host or process for others: a clause that begins with one speaks of it. */
export const hostNames: Names = Object.fromEntries(
  hosts.split(' ').map((name) => [name, services[name]!]),
)

export const ssoNames: Names = {
  google: 'google workspace | gsuite | g suite | google',
  microsoft: 'azure ad | entra | entra id | microsoft | azure active directory',
  okta: 'okta',
  saml: 'saml | saml 2.0',
  oidc: 'oidc | openid connect | openid',
  scim: 'scim',
  onelogin: 'onelogin | one login',
  'ping-identity': 'ping identity | pingone',
  jumpcloud: 'jumpcloud',
  keycloak: 'keycloak',
}

export const attackClasses: Names = {
  'sql-injection': 'sql injection | sqli',
  csrf: 'csrf | cross site request forgery',
  session: 'session vulnerability | session fixation | session management | session',
  xss: 'xss | cross site scripting',
  'file-access': 'file access | path traversal | directory traversal',
  authentication: 'authentication | broken authentication',
  'denial-of-service': 'denial of service | dos',
  secrets: 'secret | hard coded secret | leaked credential | committed secret',
  dependencies: 'vulnerable dependency | dependency',
  injection: 'injection | injection flaw | command injection | code injection',
}

export const testAreas: Names = {
  session: 'session | authentication',
  authorization: 'authorization | permission | privilege escalation | access control',
  injection: 'sql injection | input injection | injection | input validation',
  configuration: 'configuration | misconfiguration | infrastructure test',
  'owasp-top-10': 'owasp top 10 | owasp top ten | owasp',
  'business-logic': 'business logic',
  api: 'api | apis',
  network: 'network | external network',
}

export const protections: Names = {
  firewall: 'firewall',
  waf: 'waf | web application firewall',
  ddos: 'ddos | denial of service',
  spoofing: 'spoofing',
  sniffing: 'sniffing',
  'port-scanning': 'port scanning | porting scanning | port scan',
  'intrusion-detection': 'intrusion detection | intrusion prevention | =IPS | =IDS',
  'rate-limit': 'rate limit | rate limiting | throttling',
}

export const functions: Names = {
  it: '=IT',
  support: 'support | customer success | customer support',
  hr: 'hr | human resources | people operations',
  engineering: 'engineering | engineer',
  legal: 'legal',
  management: 'management | executive',
  leadership: 'leadership',
  communications: 'communication | comms',
  marketing: 'marketing',
  operations: 'operation',
  security: 'security team',
  finance: 'finance',
}

export const roles: Names = {
  cto: 'cto | chief technology officer',
  ceo: 'ceo | chief executive officer',
  ciso: 'ciso | chief information security officer',
  'lead-developer': 'lead developer',
  'lead-engineer': 'lead engineer',
  'lead-backend-engineer': 'lead backend engineer',
  'sre-lead': 'sre lead | lead sre',
  'reliability-engineers': '=reliability engineers',
  devops: 'devops | devops team | devops engineer',
  engineering: '=engineering team | =engineering',
  sre: 'sre | sres | site reliability engineer | site reliability',
  platform: 'platform team | platform engineer',
  infrastructure:
    'infrastructure team | infrastructure engineer | folks on our infrastructure team',
  operations: 'operations team | operations engineer',
  dba: 'database administrator | dba',
  'security-team': 'security team | security engineer',
}

export const approvers: Names = {
  manager: 'manager | line manager | supervisor | superior',
  'department-head':
    'head of department | department head | bu head | business unit head | head of their business unit | head of the business unit | head of the department | head of their department',
  owner: 'data owner | system owner',
  cto: 'cto | chief technology officer',
  ciso: 'ciso | chief information security officer',
  'security-team': 'security team',
  'privacy-officer': 'privacy officer | data protection officer',
  'vp-of-engineering': 'vp of engineering | vp engineering | vice president of engineering',
  'release-manager': 'release manager',
  'product-owner': 'product owner',
}

export const environments: Names = {
  testing: '=testing',
  test: '=test | =Test | =TEST',
  demo: 'demo',
  preprod: 'preprod | pre prod | pre production | preproduction',
  staging: 'staging',
  development: 'development | dev',
  production: 'production | prod | productive | live environment',
  sandbox: 'sandbox',
  qa: 'qa | quality assurance',
}

export const policies: Names = {
  'access-control': 'access control | access management',
  'disaster-recovery': 'disaster recovery | dr',
  'business-continuity': 'business continuity | bcp',
  'incident-response': 'incident response | incident management',
  'information-security':
    'information security policy | information security policies | security policy | security policies',
  'change-management': 'change management',
  'data-retention': 'data retention',
  'acceptable-use': 'acceptable use',
  'vendor-management': 'vendor management | supplier management',
  'risk-management': 'risk management',
  'secure-development': 'secure development | secure software development',
  'data-protection': 'data protection policy',
}

export const hashes: Names = {
  bcrypt: 'bcrypt',
  argon2id: 'argon2id | argon2',
  scrypt: 'scrypt',
  pbkdf2: 'pbkdf2',
}

export const ownThings: Names = {
  routers: 'router',
  'load-balancers': 'load balancer',
  'dns-servers': 'dns server',
  'physical-servers':
    'physical server | own server | server of our own | server of its own | server of ours | own any server | no server | own hardware | physical hardware | any server | single server | bare metal server',
  'data-centers': 'data center | server room',
  offices: 'office',
}

export const layers: Names = {
  infrastructure: 'infrastructure',
  application: 'application | =app',
  database: 'database',
  changes: 'changes made | change | setup',
  access: 'access | login | log in | sign in | =opens | =views | =reads | record view | look at',
}

export const channels: Names = {
  email: 'email | e-mail | e mail | by mail',
  phone: 'phone | telephone | phone call | =called | =calls | call you',
  'status-page': 'status page',
  portal: 'portal | dashboard | in app',
}

export const pagingChannels: Names = {
  phone: 'mobile phone | phone | telephone',
  push: 'push notification | push message | =push',
  sms: '=sms | text message',
  pagerduty: 'pagerduty | pager duty',
  call: 'phone call | =calls',
  chat: '=slack',
}

export const detectors: Names = {
  guardduty: 'guardduty | guard duty',
  'security-hub': 'security hub',
  defender: 'defender for cloud | microsoft defender',
  falco: 'falco',
  'security-command-center': 'security command center',
  crowdstrike: 'crowdstrike',
}

export const scopes: Names = {
  security: 'security',
  availability: 'availability',
  'processing-integrity': 'processing integrity',
  confidentiality: 'confidentiality',
  privacy: 'privacy',
}

export const providerWords: Names = {
  isolation: 'isolate | isolation',
  updates: 'security update',
  controls: 'security control',
  'physical-security':
    'physical security | guard | video surveillance | biometric | access card | cctv | physical access',
  audited: 'continuously audited | =audited | auditors examine',
  stqc: 'stqc',
  meity: 'meity',
}

export const recipients: Names = {
  all: 'all clients | all customers | all of our customers | all our customers | all of our clients | every customer | each customer | all users | every client',
  affected: 'affected | all affected | every affected | impacted | concerned',
}

export const customerKeys: Names = {
  'customer-id': 'customerids | customerid | customer id | customer identifier',
  'org-id': 'orgids | orgid | org id | organization id',
  'tenant-id': 'tenantid | tenantids | tenant id | tenant identifier',
  'account-id': 'account id | accountid',
  'workspace-id': 'workspace id | workspaceid',
  gstin: 'gstin',
}

/** Who may be kept from a customer's data. */
export const parties: Names = {
  staff: 'employee | staff | personnel | team | no one | nobody',
  partners: 'partner',
  'third-parties': 'third party | outsider',
}

/** Countries that are called like something else, which small letters mean. */
const words = new Set(['Chad', 'Guinea', 'Jersey', 'Jordan', 'Turkey'])
const shorts = new Map([
  ['us', '=US | the states'],
  ['uk', '=UK'],
  ['uae', '=UAE'],
])

/** How a country is called, but for what is too short to be told from other words in small letters. */
function called({ area, names }: Country): string {
  const long = names.filter((name) => name.length > 3).map((name) => {
    const written = name[0]!.toUpperCase() + name.slice(1)
    return words.has(written) ? `=${written}` : name
  }) // prettier-ignore
  const short = names.filter((name) => name.length === 3 && name !== area)
  return [...long, ...short.map((name) => `=${name.toUpperCase()}`), shorts.get(area)]
    .filter(Boolean)
    .join(' | ')
}

/** Areas and region codes that a page may name, written as the parameter takes them. */
export const regionNames: Names = {
  ...Object.fromEntries(
    [...areas].filter((area) => area.length > 3).map((area) => [area, area.replaceAll('-', ' ')]),
  ),
  ...Object.fromEntries(countries.map((country) => [country.area, called(country)])),
  eu: 'european union | =EU',
  eea: 'european economic area | =EEA',
  'us-east': 'us east',
  'us-west': 'us west',
  europe: 'europe',
  ...Object.fromEntries(
    [...regionCodes]
      .filter((code) => /\d/.test(code))
      .map((code) => [code, code.replaceAll('-', ' ')]),
  ),
  ...Object.fromEntries(
    [...regionCodes].filter((code) => spelled(code) !== code).map((code) => [code, spelled(code)]),
  ),
}

/** `eastus2` is written `East US 2`. */
function spelled(code: string): string {
  return code.replace(
    /^(north|south|east|west|central)(central|east|west)?(us|europe|asia|india|uk|france|germany)(\d?)$/,
    (_, first: string, second: string | undefined, area: string, number: string) =>
      [first, second, area, number].filter(Boolean).join(' '),
  )
}

/** What a rule may take a list from. */
export const nameTables = {
  services, hostNames, ssoNames, attackClasses, testAreas, protections, functions, roles, approvers, environments,
  policies, hashes, ownThings, layers, channels, pagingChannels, detectors, scopes, providerWords,
  recipients, customerKeys, parties, regionNames,
} as const satisfies Record<string, Names> // prettier-ignore

export type NameTable = keyof typeof nameTables
