create schema identity;
grant usage on schema identity to :server;

-- Who signs in: the staff, whose tenant is null, and the users of each tenant.
create table identity.accounts (
  id uuid primary key,
  tenant text,
  -- Of the staff: what the ledger and the page call them, as a key of systems.yaml may do too.
  name text not null,
  email text not null,
  role text not null check (role in ('owner', 'member')),
  added_at timestamptz not null,
  added_by text not null,
  removed_at timestamptz
);
-- One spelling is one person: addresses are compared as they are kept, in lower case and normal form.
create unique index on identity.accounts (coalesce(tenant, ''), email) where removed_at is null;
-- A name of the staff is never given to somebody else.
create unique index on identity.accounts (name) where tenant is null;

create table identity.passwords (
  account uuid primary key references identity.accounts on delete cascade,
  -- Argon2id, in PHC form.
  hash text not null,
  -- The least length that was asked for when it was set: below today's it must be changed.
  minimum integer not null,
  set_at timestamptz not null
);

create table identity.totp (
  account uuid primary key references identity.accounts on delete cascade,
  -- Sealed by a key that is not in the database.
  secret bytea not null,
  -- The last interval whose code was taken: none counts twice.
  step bigint not null,
  added_at timestamptz not null,
  confirmed_at timestamptz
);

create table identity.passkeys (
  -- The credential's id, base64url.
  id text primary key,
  account uuid not null references identity.accounts on delete cascade,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  label text not null,
  added_at timestamptz not null,
  used_at timestamptz
);
create index on identity.passkeys (account);

create table identity.recovery_codes (
  account uuid not null references identity.accounts on delete cascade,
  hash bytea not null,
  used_at timestamptz,
  primary key (account, hash)
);

create table identity.sessions (
  id uuid primary key,
  -- SHA-256 of what the cookie holds.
  hash bytea not null unique,
  account uuid not null references identity.accounts on delete cascade,
  tenant text,
  -- What was proved: password, totp, passkey, recovery, provider.
  factors text[] not null,
  -- The connection of a tenant's own provider, if it came by one.
  provider uuid,
  began_at timestamptz not null,
  used_at timestamptz not null,
  -- When a factor was last proved.
  proved_at timestamptz not null,
  ends_at timestamptz not null,
  -- Milliseconds without use after which it ends.
  idle integer not null,
  -- What must be done before anything else: a new password.
  owes text check (owes in ('password')),
  ended_at timestamptz,
  agent text not null,
  address text
);
create index on identity.sessions (account) where ended_at is null;

-- One-time links: the first owner's, an invitation, and the way back for who lost all factors.
create table identity.invitations (
  id uuid primary key,
  hash bytea not null unique,
  tenant text,
  email text,
  role text not null check (role in ('owner', 'member')),
  -- Whose factors are made anew; null for somebody new.
  account uuid references identity.accounts on delete cascade,
  made_at timestamptz not null,
  made_by text not null,
  ends_at timestamptz not null,
  used_at timestamptz,
  ended_at timestamptz
);

create table identity.api_keys (
  id uuid primary key,
  hash bytea not null unique,
  account uuid not null references identity.accounts on delete cascade,
  tenant text,
  label text not null,
  scopes text[] not null,
  -- What its maker had proved: where more is asked for later, it is refused.
  factors text[] not null,
  made_at timestamptz not null,
  ends_at timestamptz not null,
  used_at timestamptz,
  ended_at timestamptz
);
create index on identity.api_keys (account);

-- Challenges that were handed out: each is answered once, by the browser that asked.
create table identity.challenges (
  hash bytea primary key,
  purpose text not null,
  account uuid references identity.accounts on delete cascade,
  data jsonb not null,
  ends_at timestamptz not null
);
create index on identity.challenges (ends_at);

-- What was wrong: by account, by network, and by both. Names are hashed.
create table identity.attempts (
  key bytea not null,
  at timestamptz not null
);
create index on identity.attempts (key, at);
create index on identity.attempts (at);

-- What a tenant asks of its users.
create table identity.settings (
  tenant text primary key,
  second_factor boolean not null default false,
  -- Only the tenant's own provider lets its users in, but for owners with a second factor.
  provider_only boolean not null default false,
  -- Networks from which its users may come; null for any.
  addresses cidr[]
);

-- Strangers who sign in see the realm that they name, a user of a tenant that tenant alone; the row of a
-- secret is seen by whoever brings it.
alter table identity.accounts enable row level security, force row level security;
alter table identity.sessions enable row level security, force row level security;
alter table identity.invitations enable row level security, force row level security;
alter table identity.api_keys enable row level security, force row level security;
alter table identity.settings enable row level security, force row level security;
create policy known on identity.accounts using (
  tenant is not distinct from (select nullif(current_setting('kept.tenant', true), ''))
  or (select split_part(current_setting('kept.actor', true), ':', 1)) in ('person', 'worker', 'operator')
);
create policy known on identity.sessions using (
  tenant is not distinct from (select nullif(current_setting('kept.tenant', true), ''))
  or hash = (select decode(current_setting('kept.secret', true), 'hex'))
  or (select split_part(current_setting('kept.actor', true), ':', 1)) in ('person', 'worker', 'operator')
);
create policy known on identity.invitations using (
  tenant is not distinct from (select nullif(current_setting('kept.tenant', true), ''))
  or hash = (select decode(current_setting('kept.secret', true), 'hex'))
  or (select split_part(current_setting('kept.actor', true), ':', 1)) in ('person', 'worker', 'operator')
);
create policy known on identity.api_keys using (
  tenant is not distinct from (select nullif(current_setting('kept.tenant', true), ''))
  or hash = (select decode(current_setting('kept.secret', true), 'hex'))
  or (select split_part(current_setting('kept.actor', true), ':', 1)) in ('person', 'worker', 'operator')
);
create policy known on identity.settings using (
  tenant is not distinct from (select nullif(current_setting('kept.tenant', true), ''))
  or (select split_part(current_setting('kept.actor', true), ':', 1)) in ('person', 'worker', 'operator')
);

-- What belongs to an account is seen where that is.
do $$
declare name text;
begin
  foreach name in array array['passwords', 'totp', 'passkeys', 'recovery_codes'] loop
    execute format('alter table identity.%I enable row level security, force row level security', name);
    execute format('create policy known on identity.%I using (exists (select from identity.accounts a where a.id = account))', name);
  end loop;
end $$;

grant select, insert, update on identity.accounts, identity.totp, identity.passkeys,
  identity.recovery_codes, identity.sessions, identity.invitations, identity.api_keys,
  identity.settings, identity.passwords to :server;
grant delete on identity.totp, identity.passkeys, identity.recovery_codes, identity.passwords to :server;
grant select, insert, update, delete on identity.challenges to :server;
grant select, insert, delete on identity.attempts to :server;
