create schema publishing;
grant usage on schema publishing to :server;

-- Who wants to be told of changes. The token that confirms is kept as its hash: what is mailed opens,
-- what is stored does not. The one that leaves stands in every mail and can do nothing else.
create table publishing.subscriptions (
  id uuid primary key,
  address text not null,
  -- Salt of the commitment by which the ledger knows the address; destroyed with it.
  salt bytea not null,
  token bytea not null unique,
  leave text not null unique,
  asked_at timestamptz not null,
  confirmed_at timestamptz
);
create unique index on publishing.subscriptions (lower(address));

-- Mail to be sent, each row with what became of it.
create table publishing.outbox (
  id uuid primary key,
  subscription uuid not null references publishing.subscriptions on delete cascade,
  subject text not null,
  body text not null,
  queued_at timestamptz not null,
  sent_at timestamptz,
  reply text
);
create index on publishing.outbox (queued_at) where sent_at is null;
create index on publishing.outbox (subscription);

-- Up to which change of a verdict and version of the page subscribers were told.
create table publishing.told (
  one boolean primary key default true check (one),
  change bigint not null,
  version integer not null
);
insert into publishing.told (change, version) values (0, 0);

grant select, insert, update, delete on publishing.subscriptions, publishing.outbox to :server;
grant select, update on publishing.told to :server;
