create schema access;
grant usage on schema access to :server;

-- Who of the staff asked to see a tenant's data, why and until when. Nothing here changes any more: what
-- was answered, and an early end, are rows of their own, and the role has no right to update or delete.
create table access.grants (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  staff text not null,
  tenant text not null,
  reason text not null,
  asked_at timestamptz not null,
  until timestamptz not null check (until > asked_at),
  -- Of the commitments by which the ledger knows it; destroyed with it.
  salt bytea not null
);
create index on access.grants (tenant, seq);
create index on access.grants (until);

create table access.answers (
  id uuid primary key references access.grants (id) on delete cascade,
  allowed boolean not null,
  at timestamptz not null,
  -- The tenant's user who said so, and the runner that passed it on.
  by text not null,
  runner text not null
);

create table access.ends (
  id uuid primary key references access.grants (id) on delete cascade,
  at timestamptz not null,
  by text not null
);

-- What apps recorded, as it was drained from their outboxes.
create table access.records (
  seq bigint generated always as identity primary key,
  database text not null,
  -- Where it stood in the outbox; after a restore one number may come again with other words.
  place text not null,
  digest bytea not null,
  -- Null when what the app said is no time.
  at timestamptz,
  tenant text not null,
  actor text not null,
  kind text not null,
  action text not null,
  -- JSON as it was written, or its beginning; null when it was too large to be read.
  detail text,
  bytes bigint not null,
  -- The grant that what the staff did names, whether or not there is one.
  grant_id uuid,
  drained_at timestamptz not null,
  salt bytea not null,
  ticket bigint not null,
  unique (database, place, digest)
);
create index on access.records (tenant, kind, seq);
create index on access.records (grant_id, seq) where grant_id is not null;

-- Each database with an outbox: when it is looked at next, and since when it cannot be.
create table access.outboxes (
  database text primary key,
  next_at timestamptz not null,
  drained_at timestamptz,
  away_since timestamptz,
  why text
);

-- The keys that bundles were ever signed with.
create table access.keys (
  key text primary key,
  at timestamptz not null
);

-- The app's own policies, each version as it was pushed.
create table access.policies (
  version integer primary key,
  digest text not null,
  schema text not null,
  policies jsonb not null,
  pushed_at timestamptz not null,
  pushed_by text not null
);

-- The routes of a service as its guard told them, and who said to have reviewed which of these lists.
create table access.route_lists (
  service text not null,
  digest text not null,
  routes jsonb not null,
  seen_at timestamptz not null,
  primary key (service, digest)
);
create table access.reviews (
  id uuid primary key,
  service text not null,
  digest text not null,
  at timestamptz not null,
  -- The day in the page's time zone.
  day text not null,
  by text not null,
  foreign key (service, digest) references access.route_lists
);
create index on access.reviews (service, at desc);

-- Staff, runners and the worker see all tenants, a tenant itself alone, and the public none.
alter table access.grants enable row level security, force row level security;
alter table access.records enable row level security, force row level security;
create policy known on access.grants using (
  tenant = (select current_setting('kept.tenant', true))
  or (select split_part(current_setting('kept.actor', true), ':', 1))
    in ('person', 'runner', 'worker', 'operator')
);
create policy known on access.records using (
  tenant = (select current_setting('kept.tenant', true))
  or (select split_part(current_setting('kept.actor', true), ':', 1))
    in ('person', 'runner', 'worker', 'operator')
);

grant select, insert on access.grants, access.answers, access.ends, access.records, access.keys,
  access.policies, access.reviews to :server;
grant select, insert, update on access.route_lists to :server;
grant select, insert, update, delete on access.outboxes to :server;
