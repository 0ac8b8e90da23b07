create schema isolation;
grant usage on schema isolation to :server;

-- Tenants on their way from one database to another.
create table isolation.moves (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  tenant text not null,
  source text not null,
  destination text not null,
  -- How it is placed there: shared, or in a database of its own.
  kind text not null check (kind in ('shared', 'dedicated')),
  state text not null check (
    state in ('planned', 'copying', 'catching-up', 'switching', 'cleaning', 'done', 'rolled-back')
  ),
  cancelled boolean not null default false,
  -- Whether it was at home there before, so that it stays said there that it moved away.
  returns boolean not null,
  started_at timestamptz not null,
  started_by text not null,
  touched_at timestamptz not null,
  ended_at timestamptz,
  -- Why it was rolled back.
  reason text,
  -- Rows and a checksum of each table, as they were the same on both sides.
  tables jsonb not null default '[]',
  check ((ended_at is not null) = (state in ('done', 'rolled-back')))
);
create unique index on isolation.moves (tenant) where ended_at is null;
create index on isolation.moves (tenant, seq);

alter table isolation.moves enable row level security, force row level security;
create policy known on isolation.moves using (
  tenant = (select current_setting('kept.tenant', true))
  or (select split_part(current_setting('kept.actor', true), ':', 1))
    in ('person', 'runner', 'worker', 'operator')
);
grant select, insert, update on isolation.moves to :server;
