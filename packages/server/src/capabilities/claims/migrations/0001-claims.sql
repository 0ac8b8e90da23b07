create schema claims;
grant usage on schema claims to :server;

-- Each page that was applied, with its systems, as it was written.
create table claims.versions (
  version integer primary key,
  page text not null,
  systems text not null,
  changes jsonb not null,
  applied_at timestamptz not null,
  -- Who asked for it and who agreed, by the ids that signed.
  by text[] not null,
  ticket bigint not null
);

-- What weakens a promise waits here for a second person.
create table claims.proposals (
  id uuid primary key,
  -- The version it was written against; another one applied meanwhile ends it.
  base integer not null,
  page text not null,
  systems text not null,
  changes jsonb not null,
  proposed_at timestamptz not null,
  proposed_by text not null,
  approved_by text[] not null default '{}',
  ended_at timestamptz,
  outcome text check (outcome in ('applied', 'declined', 'overtaken')),
  check ((ended_at is null) = (outcome is null))
);

-- Promises that are no longer on the page stay listed for 90 days.
create table claims.removed (
  claim text not null,
  text text not null,
  version integer not null,
  removed_at timestamptz not null,
  primary key (claim, version)
);

create table claims.evidence (
  seq bigint generated always as identity primary key,
  id text not null,
  kind text not null,
  subject text not null,
  outcome text not null check (outcome in ('pass', 'fail', 'inconclusive')),
  observed_at timestamptz not null,
  received_at timestamptz not null check (received_at >= observed_at),
  runner text not null,
  measured jsonb not null,
  -- Why a check could not run, for the margin; it decides nothing.
  note text,
  ticket bigint not null,
  unique (runner, kind, subject, id)
);
create index on claims.evidence (kind, subject, observed_at desc, seq desc);

-- The verdict of each claim as judged last.
create table claims.verdicts (
  claim text primary key,
  version integer not null,
  judged_at timestamptz not null,
  verdict text not null,
  until timestamptz,
  changes timestamptz,
  because text not null,
  parts jsonb not null
);

-- Each change of a verdict, for good.
create table claims.changes (
  seq bigint generated always as identity primary key,
  claim text not null,
  at timestamptz not null,
  verdict text not null,
  because text not null,
  evidence text[] not null,
  version integer not null,
  ticket bigint not null
);
create index on claims.changes (claim, seq desc);

-- When time alone next changes what is said; its one row is the lock that judges take turns by.
create table claims.next_judgement (
  one boolean primary key default true check (one),
  at timestamptz
);
insert into claims.next_judgement (at) values (null);

-- What collectors look at, and when next.
create table claims.collections (
  kind text not null,
  subject text not null,
  runner text not null,
  next_at timestamptz not null,
  started_at timestamptz,
  seen_at timestamptz,
  outcome text,
  note text,
  primary key (kind, subject)
);
create index on claims.collections (next_at);

grant select, insert on claims.versions, claims.removed, claims.evidence, claims.changes to :server;
grant select, insert, update on claims.proposals, claims.next_judgement to :server;
grant select, insert, update, delete on claims.verdicts, claims.collections to :server;

-- Signatures of requests that were taken, for as long as they would be fresh: each is good once.
create table claims.signatures (
  key text not null,
  nonce text not null,
  at timestamptz not null,
  primary key (key, nonce)
);
create index on claims.signatures (at);
grant select, insert, delete on claims.signatures to :server;
