-- What nobody has judged yet, step by step: of several words about one thing in one push, each counts
-- for a step, so that a failure sent along with its repair is noted as both.
alter table claims.unjudged
  add received_at timestamptz not null default 'infinity',
  add observed_at timestamptz not null default 'infinity';
alter table claims.unjudged alter received_at drop default, alter observed_at drop default;
-- Taken oldest first, some at a time: while no worker runs, many wait.
create index on claims.unjudged (received_at, observed_at);
