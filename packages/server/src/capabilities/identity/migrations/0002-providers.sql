-- How a tenant's own provider lets its users in, and how its directory keeps them.

-- What a tenant says is its own. Seen in DNS again and again, or it is theirs no more.
create table identity.domains (
  tenant text not null,
  domain text not null,
  -- What the TXT record must hold.
  token text not null,
  added_at timestamptz not null,
  -- When it was last looked for, and why it was not seen then.
  checked_at timestamptz,
  trouble text,
  primary key (tenant, domain)
);
-- A domain is one tenant's. Another's row is not seen, but stands in the way of a second.
create table identity.verified_domains (
  domain text primary key,
  tenant text not null,
  verified_at timestamptz not null,
  -- When the record was last seen.
  seen_at timestamptz not null,
  foreign key (tenant, domain) references identity.domains on delete cascade
);
create index on identity.verified_domains (tenant);

create table identity.connections (
  id uuid primary key,
  tenant text not null,
  kind text not null check (kind in ('oidc', 'saml')),
  label text not null,
  -- Of OIDC the issuer and client id, of SAML the entity id, address and certificates of the provider.
  config jsonb not null,
  -- Of OIDC the client's secret, of SAML the key that encrypted assertions are opened by: sealed.
  secret bytea not null,
  -- Whether it lets anybody in. Until then its owner can only try it.
  enabled boolean not null default false,
  made_at timestamptz not null,
  made_by text not null
);
create index on identity.connections (tenant);

-- Who somebody is to a provider: the same address may be another person tomorrow.
create table identity.subjects (
  connection uuid not null references identity.connections on delete cascade,
  subject text not null,
  account uuid not null references identity.accounts on delete cascade,
  tenant text not null,
  linked_at timestamptz not null,
  primary key (connection, subject),
  unique (connection, account)
);
create index on identity.subjects (account);

-- Assertions that were taken: none counts twice.
create table identity.assertions (
  connection uuid not null references identity.connections on delete cascade,
  hash bytea not null,
  tenant text not null,
  ends_at timestamptz not null,
  primary key (connection, hash)
);
create index on identity.assertions (ends_at);

-- What a provider sent when its connection was tried: claims, and what they were held against. No tokens.
create table identity.trials (
  id uuid primary key,
  connection uuid not null references identity.connections on delete cascade,
  tenant text not null,
  account uuid not null references identity.accounts on delete cascade,
  at timestamptz not null,
  sent jsonb not null,
  checks jsonb not null
);
create index on identity.trials (connection, at);

-- What a tenant's directory shows itself by.
create table identity.directory_tokens (
  id uuid primary key,
  hash bytea not null unique,
  tenant text not null,
  label text not null,
  made_at timestamptz not null,
  made_by text not null,
  ends_at timestamptz not null,
  used_at timestamptz,
  ended_at timestamptz
);
create index on identity.directory_tokens (tenant);

-- What a directory says of an account.
create table identity.directory_users (
  account uuid primary key references identity.accounts on delete cascade,
  tenant text not null,
  user_name text not null,
  external_id text,
  display_name text,
  given_name text,
  family_name text,
  -- Whether a group made it an owner, which leaving the group takes back.
  raised boolean not null default false,
  made_at timestamptz not null,
  changed_at timestamptz not null
);
-- Compared without case (RFC 7643, section 4.1.1).
create unique index on identity.directory_users (tenant, lower(user_name));

create table identity.directory_groups (
  id uuid primary key,
  tenant text not null,
  display_name text not null,
  external_id text,
  -- Whether its members are owners, which the tenant's owner alone says.
  owners boolean not null default false,
  made_at timestamptz not null,
  changed_at timestamptz not null
);
create index on identity.directory_groups (tenant);

create table identity.directory_members (
  "group" uuid not null references identity.directory_groups on delete cascade,
  account uuid not null references identity.accounts on delete cascade,
  tenant text not null,
  primary key ("group", account)
);
create index on identity.directory_members (account);

-- As in 0001: a tenant's rows are seen in that tenant, a secret's by who brings it.
do $$
declare
  name text;
  always constant text := $p$
    tenant is not distinct from (select nullif(current_setting('kept.tenant', true), ''))
    or (select split_part(current_setting('kept.actor', true), ':', 1)) in ('person', 'worker', 'operator')$p$;
begin
  foreach name in array array['domains', 'verified_domains', 'connections', 'subjects', 'assertions', 'trials',
    'directory_tokens', 'directory_users', 'directory_groups', 'directory_members']
  loop
    execute format('alter table identity.%I enable row level security, force row level security', name);
    execute format('create policy known on identity.%I using (%s%s)', name, always, case name
      when 'directory_tokens' then $p$ or hash = (select decode(current_setting('kept.secret', true), 'hex'))$p$
      -- A provider's answer names its connection, and that its tenant.
      when 'connections' then $p$ or id = (select nullif(current_setting('kept.connection', true), '')::uuid)$p$
      else '' end);
  end loop;
end $$;

grant select, insert, update, delete on identity.domains, identity.verified_domains, identity.connections,
  identity.subjects, identity.assertions, identity.trials, identity.directory_tokens, identity.directory_users,
  identity.directory_groups, identity.directory_members to :server;
