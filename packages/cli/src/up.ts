import type { Command } from './command.ts'

export const up: Command = {
  name: 'up',
  says: 'run a page in one process: enforce, prove, time and publish it until Ctrl-C',
  arguments: [{ name: 'PAGE', says: 'the page, in Markdown' }],
  options: {
    systems: { value: 'FILE', says: 'the systems.yaml that names your systems and runners' },
    data: {
      value: 'DIR',
      says: "where the embedded PostgreSQL, the ledger's key and the passwords lie; ./.kept when absent",
    },
    database: {
      value: 'URL',
      says: 'a PostgreSQL server of your own, as a role that may create roles and databases; on another machine with ?sslmode=verify-full',
      variable: 'KEPT_DATABASE_ADMIN',
    },
    host: { value: 'HOST', says: 'the address it listens at; 127.0.0.1 when absent' },
    port: {
      value: 'PORT',
      says: 'its port; 4180 when absent, and 0 takes a free one, the same again later',
    },
    origin: { value: 'URL', says: 'where readers find it, as https://security.example.com' },
    'tls-cert': {
      value: 'FILE',
      says: 'its certificate with the chain, PEM; needed beyond loopback',
    },
    'tls-key': { value: 'FILE', says: 'the private key of the certificate, PEM' },
    proxy: {
      value: 'HOST',
      repeats: true,
      says: 'an address or range of a proxy in front that adds TLS; in the clear nobody else is served',
    },
  },
  exits: [
    ['0', 'it ran and was stopped'],
    ['2', 'it could not start, or ended without being asked to'],
  ],
  example: 'kept up security.md --systems systems.yaml',
  run: async (given, terminal) => (await import('./running.ts')).runUp(given, terminal),
}
