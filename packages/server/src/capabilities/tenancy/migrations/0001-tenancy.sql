create schema tenancy;
grant usage on schema tenancy to :server;

-- Who verified which cluster is to be created where, before it was.
create table tenancy.reviews (
  id uuid primary key,
  cluster text not null,
  provider text not null,
  region text not null,
  reviewed_at timestamptz not null,
  reviewed_by text not null
);
create index on tenancy.reviews (cluster, reviewed_at desc);

create table tenancy.clusters (
  -- A database of systems.yaml.
  id text primary key,
  provider text not null,
  region text not null,
  review uuid not null references tenancy.reviews,
  created_at timestamptz not null,
  registered_at timestamptz not null,
  registered_by text not null
);

create table tenancy.tenants (
  tenant text primary key,
  -- By which the ledger knows it: it says nothing of the id, and is destroyed with it.
  handle uuid not null unique,
  added_at timestamptz not null,
  -- Where rows of it may be besides, while it moves.
  moving text references tenancy.clusters
);

-- Where each tenant is and was.
create table tenancy.placements (
  seq bigint generated always as identity primary key,
  tenant text not null references tenancy.tenants on delete cascade,
  cluster text not null references tenancy.clusters,
  kind text not null check (kind in ('shared', 'dedicated')),
  since timestamptz not null,
  until timestamptz check (until >= since),
  by text not null
);
create unique index on tenancy.placements (tenant) where until is null;
create index on tenancy.placements (cluster) where until is null;
create index on tenancy.placements (tenant, seq);

-- Staff, runners and the worker see all tenants, a tenant itself alone, and the public none.
alter table tenancy.tenants enable row level security, force row level security;
alter table tenancy.placements enable row level security, force row level security;
create policy known on tenancy.tenants using (
  tenant = (select current_setting('kept.tenant', true))
  or (select split_part(current_setting('kept.actor', true), ':', 1))
    in ('person', 'runner', 'worker', 'operator')
);
create policy known on tenancy.placements using (
  tenant = (select current_setting('kept.tenant', true))
  or (select split_part(current_setting('kept.actor', true), ':', 1))
    in ('person', 'runner', 'worker', 'operator')
);

grant select, insert on tenancy.reviews, tenancy.clusters to :server;
grant select, insert, update, delete on tenancy.tenants, tenancy.placements to :server;
