-- The identity providers that a probe acts as, one for each of the two canary tenants of an app of the company's.
create table identity.test_providers (
  -- The app's id in systems.yaml.
  service text not null,
  side text not null check (side in ('a', 'b')),
  -- Base64 of DER, of the key that it signs by.
  certificate text not null,
  -- That key, and the secret of the app as its client: sealed.
  secret bytea not null,
  made_at timestamptz not null,
  made_by text not null,
  primary key (service, side)
);

-- Codes that were taken: none counts twice. What they stand for is sealed in themselves.
create table identity.test_codes (
  hash bytea primary key,
  ends_at timestamptz not null
);
create index on identity.test_codes (ends_at);

grant select, insert, update, delete on identity.test_providers, identity.test_codes to :server;
