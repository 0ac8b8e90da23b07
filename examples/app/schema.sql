-- The tables of a small SaaS app. Each row says whose it is, and takes the tenant of the scope it is made in;
-- who sees which is the row policies' part, which database.ts adds by @kept/guard.
create table tenants (
  id uuid primary key,
  name text not null
);

create table customers (
  tenant_id uuid not null default scope_tenant() references tenants,
  id uuid not null default gen_random_uuid(),
  name text not null check (length(name) between 1 and 200),
  primary key (tenant_id, id)
);

create table invoices (
  tenant_id uuid not null default scope_tenant() references tenants,
  id uuid not null default gen_random_uuid(),
  customer_id uuid not null,
  number text not null check (length(number) between 1 and 40),
  amount_cents integer not null check (amount_cents > 0),
  paid boolean not null default false,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, customer_id) references customers
);

-- Which token stands for whom, wherever the rows of its tenant are; read once a request by a function, so that the app cannot list them.
create table tokens (
  digest bytea primary key,
  tenant uuid not null,
  person text not null,
  role text not null check (role in ('admin', 'clerk'))
);
create function session_of(token_digest bytea) returns table (tenant uuid, person text, role text)
language sql stable security definer set search_path = '' as $$
  select tokens.tenant, tokens.person, tokens.role from public.tokens where digest = token_digest
$$;
revoke all on function session_of from public;
grant execute on function session_of to app_web;

grant select, insert, update, delete on customers, invoices to app_web;
