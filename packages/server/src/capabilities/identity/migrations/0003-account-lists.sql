-- The accounts of other systems, as their exports say them, and the passwords that those take.

create table identity.account_lists (
  -- A list of accounts of systems.yaml.
  system text primary key,
  -- By which format it was read.
  source text not null,
  -- When the system said it.
  exported_at timestamptz not null,
  received_at timestamptz not null,
  pushed_by text not null,
  -- Of each account its name, what it is, whether it can be signed in with, and whether it has a second factor.
  entries jsonb not null,
  -- What is counted of them: people's accounts that can be signed in with, and what does not count.
  accounts integer not null,
  without integer not null,
  unknown integer not null,
  inactive integer not null,
  services integer not null,
  -- What the ledger has of it, and what that is worth nothing without: both go with the list.
  commitment bytea not null,
  salt bytea not null
);
create table identity.password_policies (
  system text primary key,
  source text not null,
  minimum_length integer not null check (minimum_length between 0 and 1024),
  single_sign_on_only boolean not null,
  exported_at timestamptz not null,
  received_at timestamptz not null,
  pushed_by text not null
);

-- Names of colleagues are nobody's business but the staff's, and of who pushes and looks.
alter table identity.account_lists enable row level security, force row level security;
create policy company on identity.account_lists using (
  (select split_part(current_setting('kept.actor', true), ':', 1))
    in ('person', 'runner', 'worker', 'operator')
);

grant select, insert, delete on identity.account_lists, identity.password_policies to :server;

-- Who tries to come in by a password alone. Whatever lets it in, no policy lets it do anything.
alter table identity.accounts drop constraint accounts_role_check;
alter table identity.accounts add constraint accounts_role_check
  check (role in ('owner', 'member') or (role = 'canary' and tenant is null));
