import type { Command } from './command.ts'

/** What the separate processes of a large installation read from the environment. */
export const variables = [
  ['KEPT_ORIGIN', 'where readers find this Kept: https://security.example.com; required'],
  [
    'KEPT_DATABASE',
    'URL of the database as the role that serves; required. On another machine with ?sslmode=verify-full',
  ],
  ['KEPT_DATABASE_WORKER', 'URL as the role that carries jobs; for work and migrate'],
  ['KEPT_DATABASE_OWNER', 'URL as the owner of the database; for migrate alone'],
  ['KEPT_HOST', 'the address that serve listens at; 127.0.0.1 when absent'],
  ['KEPT_PORT', 'its port; 4180 when absent'],
  [
    'KEPT_METRICS_PORT',
    'port of 127.0.0.1 that shows the figures at /metrics; none when absent. Keep proxies off it',
  ],
  ['KEPT_TLS_CERT', 'file of its certificate with the chain, PEM; needed beyond loopback'],
  ['KEPT_TLS_KEY', 'file of the private key of the certificate, PEM'],
  [
    'KEPT_PROXIES',
    'addresses or ranges of proxies in front that add TLS, by commas; in the clear nobody else is served',
  ],
  ['KEPT_LEDGER_KEY', 'file of the key that signs the ledger; ledger.key when absent'],
  ['KEPT_BUNDLE_KEY', 'file of the key that signs the bundles of apps; bundle.key when absent'],
  ['KEPT_IDENTITY_KEY', 'file of the key that seals second factors; identity.key when absent'],
  ['KEPT_WITNESSES', 'url=key of each witness that cosigns the ledger, by spaces'],
  [
    'KEPT_SMTP',
    'URL of the mail server, smtps://user:password@host:465; without it nobody can subscribe',
  ],
  ['KEPT_MAIL_FROM', 'the sender of its mails; kept@ and the host of the origin when absent'],
  ['KEPT_REACH', 'any, or loopback: how far collectors may reach; any when absent'],
  ['KEPT_AUTHORITIES', 'file of certificates that collectors trust besides the usual, PEM'],
  ['KEPT_LOG', 'debug, info, warn, error or silent; info when absent'],
  ['KEPT_DRAIN_SECONDS', 'from "not ready" to the end, for balancers; 5 when absent'],
  ['KEPT_SECRET_<NAME>', 'the secret that systems.yaml calls NAME'],
] as const

const runs = [
  ['0', 'it ran and was stopped'],
  ['2', 'it could not start'],
] as const

function processOf(
  name: 'serve' | 'work',
  says: string,
  exits: Command['exits'] & object,
): Command {
  return {
    name,
    says,
    arguments: [],
    options: {},
    variables,
    exits,
    example: `kept ${name}`,
    run: async (_, terminal) => (await import('./running.ts')).runProcess(name, terminal),
  }
}

/** The separate processes of a large installation. */
export const processes: readonly Command[] = [
  processOf('serve', 'answer readers and runners, as the environment says, until SIGTERM', runs),
  processOf('work', 'carry jobs: collect, judge, sequence, announce; until SIGTERM', runs),
  {
    name: 'migrate',
    says: 'bring the database to the newest form, apply a page where one is given, and end',
    arguments: [
      {
        name: 'PAGE',
        says: 'a page to apply as the operator: the first, before which nobody is registered',
        optional: true,
      },
    ],
    options: {
      systems: { value: 'FILE', says: 'the systems.yaml that names your systems and runners' },
    },
    variables,
    exits: [
      ['0', 'it is of the newest form, and the page in force'],
      ['1', 'the page weakens a promise and waits for people'],
      ['2', 'it could not be brought there'],
    ],
    example: 'kept migrate security.md --systems systems.yaml',
    run: async (given, terminal) => (await import('./running.ts')).migrate(given, terminal),
  },
]
