-- Sessions of the portal that apps of the company share: each app has a token of its own for them.
create table identity.app_sessions (
  session uuid not null references identity.sessions on delete cascade,
  -- The service of systems.yaml.
  app text not null,
  -- SHA-256 of what the app's cookie holds.
  hash bytea not null unique,
  tenant text not null,
  began_at timestamptz not null,
  primary key (session, app)
);
alter table identity.app_sessions enable row level security, force row level security;
create policy known on identity.app_sessions using (
  tenant is not distinct from (select nullif(current_setting('kept.tenant', true), ''))
  or hash = (select decode(current_setting('kept.secret', true), 'hex'))
  or (select split_part(current_setting('kept.actor', true), ':', 1)) in ('person', 'worker', 'operator')
);
grant select, insert, update on identity.app_sessions to :server;
