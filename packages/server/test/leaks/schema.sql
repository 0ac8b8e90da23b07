-- A small SaaS app's database. Every table with tenant_id has a forced row policy; tenant_id is in every
-- foreign key and unique key. leaks_app serves requests; leaks_back finds tokens and claims jobs.
create table tenants (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  time_zone text not null default 'Europe/Berlin',
  webhook text not null default 'https://hooks.example/kept',
  webhook_secret text not null default 'whsec_' || gen_random_uuid(),
  seats integer not null default 0,
  last_invoice integer not null default 0
);
create table members (
  tenant_id uuid not null references tenants,
  id uuid not null default gen_random_uuid(),
  seat integer not null,
  email text not null,
  name text not null,
  role text not null check (role in ('admin', 'member')),
  primary key (tenant_id, id),
  unique (tenant_id, seat)
);
create table tokens (
  hash bytea primary key,
  tenant_id uuid not null,
  member uuid not null,
  foreign key (tenant_id, member) references members on delete cascade
);
create table customers (
  tenant_id uuid not null references tenants,
  id uuid not null default gen_random_uuid(),
  name text not null,
  reference text not null default gen_random_uuid(),
  email text,
  status text not null default 'active' check (status in ('active', 'lapsed')),
  primary key (tenant_id, id),
  unique (tenant_id, reference)
);
create table projects (
  tenant_id uuid not null references tenants,
  id uuid not null default gen_random_uuid(),
  customer uuid not null,
  name text not null,
  state text not null default 'open' check (state in ('open', 'closed')),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer) references customers
);
create table comments (
  tenant_id uuid not null references tenants,
  id uuid not null default gen_random_uuid(),
  project uuid not null,
  text text not null,
  visibility text not null default 'internal' check (visibility in ('internal', 'public')),
  primary key (tenant_id, id),
  foreign key (tenant_id, project) references projects on delete cascade
);
create table invoices (
  tenant_id uuid not null references tenants,
  id uuid not null default gen_random_uuid(),
  customer uuid not null,
  number integer not null,
  title text not null,
  state text not null default 'draft' check (state in ('draft', 'sent', 'paid')),
  due date not null,
  version integer not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, customer) references customers
);
create table invoice_lines (
  tenant_id uuid not null,
  invoice uuid not null,
  line integer not null,
  text text not null,
  cents integer not null,
  primary key (tenant_id, invoice, line),
  foreign key (tenant_id, invoice) references invoices on delete cascade
);
-- The answer to a request with an Idempotency-Key, for when the client asks again.
create table answered (
  tenant_id uuid not null,
  key text not null,
  invoice uuid not null,
  primary key (tenant_id, key),
  foreign key (tenant_id, invoice) references invoices on delete cascade
);
create table mails (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  invoice uuid not null,
  recipient text not null,
  subject text not null,
  primary key (tenant_id, id),
  unique (tenant_id, invoice),
  foreign key (tenant_id, invoice) references invoices on delete cascade
);
create table deliveries (
  tenant_id uuid not null,
  invoice uuid not null,
  url text not null,
  payload jsonb not null,
  primary key (tenant_id, invoice),
  foreign key (tenant_id, invoice) references invoices on delete cascade
);
create table exports (
  tenant_id uuid not null references tenants,
  id uuid not null default gen_random_uuid(),
  kind text not null check (kind in ('invoices', 'customers')),
  file text,
  primary key (tenant_id, id)
);
create table digests (
  tenant_id uuid not null references tenants,
  id uuid not null default gen_random_uuid(),
  text text,
  primary key (tenant_id, id)
);
create table audit (
  tenant_id uuid not null references tenants,
  id bigint generated always as identity,
  seat integer not null,
  action text not null,
  object uuid not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, seat) references members (tenant_id, seat)
);
create table jobs (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references tenants,
  kind text not null check (kind in ('export', 'digest')),
  object uuid not null
);
-- Stands for an object store; like one it knows no tenants, and only the back role reaches it.
create table bucket (key text primary key, content text not null);
create table canaries (tenant_id uuid primary key, letter text not null, objects jsonb not null);

do $$
declare t regclass;
begin
  for t in select attrelid from pg_attribute join pg_class on pg_class.oid = attrelid
    where attname = 'tenant_id' and relkind = 'r' and relnamespace = 'public'::regnamespace
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format($policy$create policy tenant on %s using
      (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))$policy$, t);
  end loop;
end $$;
alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenant on tenants using
  (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

create view customer_balances with (security_invoker) as
  select c.tenant_id, c.id as customer, c.name, coalesce(sum(l.cents), 0)::integer as open
  from customers c
  left join invoices i on i.tenant_id = c.tenant_id and i.customer = c.id and i.state = 'sent'
  left join invoice_lines l on l.tenant_id = i.tenant_id and l.invoice = i.id
  group by c.tenant_id, c.id;

create function search(q text) returns table (kind text, id uuid, name text)
language sql stable as $$
  select 'customer', id, name from customers where name ilike '%' || q || '%'
  union all select 'project', id, name from projects where name ilike '%' || q || '%'
  union all select 'invoice', id, title from invoices where title ilike '%' || q || '%'
$$;

grant select, insert, update, delete on
  members, customers, projects, comments, invoices, invoice_lines, exports, digests to leaks_app;
grant select, update on tenants to leaks_app;
grant select, insert on answered, mails, deliveries, audit to leaks_app;
grant insert on jobs to leaks_app;
grant select on customer_balances to leaks_app;
grant select on all tables in schema public to leaks_back;
grant update on members to leaks_back;
grant delete on jobs to leaks_back;
grant insert, update, delete on bucket to leaks_back;
