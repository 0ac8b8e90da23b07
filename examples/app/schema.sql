-- The database of a small SaaS app: each row says whose it is, and the database holds everybody to it.
create table tenants (
  id uuid primary key,
  name text not null
);

create table customers (
  tenant_id uuid not null references tenants,
  id uuid not null,
  name text not null,
  primary key (tenant_id, id)
);

create table invoices (
  tenant_id uuid not null references tenants,
  id uuid not null,
  customer_id uuid not null,
  number text not null,
  amount_cents integer not null check (amount_cents > 0),
  paid boolean not null default false,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, customer_id) references customers
);

-- Which token stands for which tenant; read once a request by a function, so that the app cannot list them.
create table tokens (
  digest bytea primary key,
  tenant_id uuid not null references tenants
);
create function tenant_of(token_digest bytea) returns uuid
language sql stable security definer set search_path = '' as $$
  select tenant_id from public.tokens where digest = token_digest
$$;
revoke all on function tenant_of from public;
grant execute on function tenant_of to app_web;

do $$
declare name text;
begin
  foreach name in array array['customers', 'invoices'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format($p$create policy own_rows on %I
      using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
      with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))$p$, name);
  end loop;
end $$;

grant select, insert, update on customers, invoices to app_web;
