create schema ledger;
grant usage on schema ledger to :server;

-- What waits to be sequenced: written in the caller's own transaction.
create table ledger.outbox (
  ticket bigint generated always as identity primary key,
  body bytea not null check (length(body) between 1 and 65535)
);

-- The log. Nobody updates or deletes: the server's role lacks the right, and the trigger refuses the rest.
create table ledger.entries (
  index bigint primary key check (index >= 0),
  ticket bigint not null unique,
  leaf bytea not null check (length(leaf) = 32),
  body bytea not null
);

-- Roots of complete subtrees of 256^level entries; with the leaves they are all tiles there are.
create table ledger.subtrees (
  level smallint not null check (level > 0),
  index bigint not null check (index >= 0),
  hash bytea not null check (length(hash) = 32),
  primary key (level, index)
);

create table ledger.checkpoints (
  size bigint primary key check (size >= 0),
  note text not null,
  at timestamptz not null
);

-- What witnesses signed: a line of a C2SP signed note for each.
create table ledger.cosignatures (
  size bigint not null references ledger.checkpoints,
  witness text not null,
  line text not null,
  at timestamptz not null,
  primary key (size, witness)
);

-- Whole looks over the log, with what they found.
create table ledger.checks (
  at timestamptz primary key,
  size bigint not null,
  findings jsonb not null
);

-- Where the log ends. Its one row is the lock that sequencers take turns by.
create table ledger.head (
  one boolean primary key default true check (one),
  size bigint not null,
  hashes bytea[] not null
);
insert into ledger.head (size, hashes) values (0, '{}');

create function ledger.refuse() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception 'the ledger is only ever appended to' using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete or truncate on ledger.entries execute function ledger.refuse();
create trigger append_only before update or delete or truncate on ledger.subtrees execute function ledger.refuse();
create trigger append_only before update or delete or truncate on ledger.checkpoints execute function ledger.refuse();

grant select, insert on ledger.entries, ledger.subtrees, ledger.checkpoints, ledger.cosignatures, ledger.checks to :server;
grant select, insert, delete on ledger.outbox to :server;
grant select, update on ledger.head to :server;
