/** Test support: an app's database with the outbox of the guard, on a real server over TLS. */
import { makeAuthority, type Authority } from './certificates.ts'
import { startPostgres, type TestPostgres } from './postgres.ts'

/** As @kept/guard makes it, with nobody but who drains it. */
const outbox = `
  create schema kept;
  create table kept.outbox (id bigint generated always as identity primary key,
    at timestamptz not null, tenant text not null, actor text not null, kind text not null,
    action text not null, detail jsonb not null);
  grant usage on schema kept to kept_drain;
  grant select, delete on kept.outbox to kept_drain;`

export interface Outbox {
  postgres: TestPostgres
  authority: Authority
  /** A fresh outbox in a database of its own. */
  make(database: string): Promise<void>
  /** Runs SQL in that database as its superuser. */
  sql(database: string, text: string): Promise<unknown[]>
  url(database: string): string
}

export async function startOutbox(): Promise<Outbox> {
  const authority = await makeAuthority()
  const postgres = await startPostgres({ certificate: await authority.issue() })
  await postgres.sql(`create role kept_drain login password 'secret'`)
  return {
    postgres,
    authority,
    async make(database) {
      await postgres.sql(`create database ${database}`)
      await postgres.sql(outbox, database)
    },
    sql: (database, text) => postgres.sql(text, database),
    url: (database) => postgres.url('kept_drain', database),
  }
}

/** A statement that writes so many records, as the guard does; their numbers go on from `from`. */
export function writeRecords(from: number, count: number): string {
  return `insert into kept.outbox (at, tenant, actor, kind, action, detail)
    select '2026-11-20 12:00:00.123456+00'::timestamptz + n * interval '1 ms', 'tenant-1', 'user:' || n,
      'event', 'invoices.pay', jsonb_build_object('n', n)
    from generate_series(${from}, ${from + count - 1}) as n`
}
