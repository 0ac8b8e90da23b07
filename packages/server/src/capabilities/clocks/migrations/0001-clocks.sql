create schema clocks;
grant usage on schema clocks to :server;

create table clocks.clocks (
  id uuid primary key,
  -- The capability that started it and answers its alarms, what for, and the case it is about.
  owner text not null,
  kind text not null,
  subject text not null,
  started_at timestamptz not null,
  target_at timestamptz check (target_at >= started_at),
  -- Null while a relative date is not yet known.
  due_at timestamptz check (due_at >= started_at),
  -- What the page promised when it started.
  policy jsonb not null,
  stopped_at timestamptz check (stopped_at >= started_at),
  -- The evidence that stopped it: there is no stopping without.
  proof text,
  check ((stopped_at is null) = (proof is null)),
  unique (owner, kind, subject)
);
create index on clocks.clocks (due_at) where stopped_at is null;

create table clocks.alarms (
  clock uuid not null references clocks.clocks,
  fraction numeric not null check (fraction > 0),
  at timestamptz not null,
  raised_at timestamptz,
  primary key (clock, fraction)
);
create index on clocks.alarms (at) where raised_at is null;

-- Start, policy and due instant are frozen; a due instant that was not known may become known, and one
-- that is known may move earlier, never later.
create function clocks.freeze() returns trigger language plpgsql set search_path = '' as $$
begin
  if (new.id, new.owner, new.kind, new.subject, new.started_at, new.policy)
     is distinct from (old.id, old.owner, old.kind, old.subject, old.started_at, old.policy)
     or new.target_at is distinct from old.target_at and old.target_at is not null and (new.target_at is null or new.target_at > old.target_at)
     or old.due_at is not null and (new.due_at is null or new.due_at > old.due_at) then
    raise exception 'a clock that runs is frozen' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger frozen before update on clocks.clocks for each row execute function clocks.freeze();

grant select, insert, update on clocks.clocks, clocks.alarms to :server;
grant delete on clocks.alarms to :server;
