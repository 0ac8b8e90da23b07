-- Who may come in, and what each tenant asks of them. Secrets are kept as hashes; codes need their secret.
create schema sign_in;
create table sign_in.rules (
  tenant text primary key,
  second_factor boolean not null default false,
  networks cidr[]
);
create table sign_in.people (
  id uuid primary key default gen_random_uuid(),
  tenant text not null,
  email text not null,
  role text not null check (role in ('owner', 'member')),
  password text not null,
  -- The least length that was asked for when it was set.
  minimum integer not null,
  totp bytea,
  -- The last interval whose code was taken.
  step bigint not null default 0,
  unique (tenant, email)
);
-- Sessions and keys alike: what is brought is hashed, and what was proved stands beside it.
create table sign_in.proofs (
  id uuid primary key default gen_random_uuid(),
  hash bytea not null unique,
  person uuid not null references sign_in.people on delete cascade,
  second boolean not null default false
);
create table sign_in.links (
  hash bytea primary key,
  tenant text not null,
  email text not null
);
