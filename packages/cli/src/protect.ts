import type { Command } from './command.ts'

export const protect: Command = {
  name: 'protect',
  says: 'find what keeps the tenants of a PostgreSQL database apart, and write the migration for what is missing',
  arguments: [
    {
      name: 'DATABASE_URL',
      says: 'postgres://role:password@host/database, as a role that sees every row: the owner, or a superuser',
      optional: true,
    },
  ],
  options: {
    tenant: {
      value: 'NAME',
      says: 'the table that lists the tenants, as schema.table or schema.table.column; found when absent',
    },
    'app-role': {
      value: 'NAME',
      repeats: true,
      says: 'a role the app logs in as, made where there is none; found by their rights when absent',
    },
    plan: {
      value: 'FILE',
      says: 'decisions in YAML: read where it is there, else written. What ends with ? waits for you',
    },
    confirm: { says: 'take what the plan only proposes as decided' },
    sealed: {
      says: 'policies ask a seal, installed first, and not a setting that any SQL changes',
    },
    setting: {
      value: 'NAME',
      says: 'the setting that carries the tenant; app.tenant_id when absent',
    },
    out: {
      value: 'FILE',
      short: 'o',
      says: 'write the migration to this file; - is standard output',
    },
    check: { says: 'say what keeps the tenants of the live database from being apart' },
    apply: { says: 'run the migration; without it nothing in the database is changed' },
    json: { says: 'print JSON' },
  },
  variables: [
    [
      'DATABASE_URL',
      'the database, where no argument names one: an argument can be seen by others',
    ],
  ],
  exits: [
    ['0', 'the tenants are apart, or with --out the migration is written'],
    ['1', 'something is missing, or waits for a person'],
    ['2', 'bad usage, or the database cannot be read or changed'],
  ],
  example: 'kept protect postgres://owner@host/app --plan protect.yaml -o rls.sql',
  run: async (given, terminal) => (await import('./protecting.ts')).runProtect(given, terminal),
}
