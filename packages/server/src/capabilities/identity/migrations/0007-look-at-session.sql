-- A session with all that it is held against, in one round trip: each request asks for it.
create function identity.look_at_session(by_hash bytea, by_id uuid, instant timestamptz)
returns table (
  id uuid, account uuid, tenant text, factors text[], used_at timestamptz, ends_at timestamptz,
  idle integer, owes text, name text, email text, role text,
  has_factor boolean, second_factor boolean, provider_only boolean, addresses text[]
)
language plpgsql volatile as $$
declare
  realm text;
begin
  -- Row security shows the one row whose secret this is, and then its realm.
  perform pg_catalog.set_config('kept.secret', coalesce(pg_catalog.encode(by_hash, 'hex'), ''), true);
  select s.tenant into realm from identity.sessions s
    where (s.hash = by_hash or s.id = by_id) and s.ended_at is null and s.ends_at > instant;
  if not found then
    return;
  end if;
  perform pg_catalog.set_config('kept.tenant', coalesce(realm, ''), true);
  return query
    select s.id, s.account, s.tenant, s.factors, s.used_at, s.ends_at, s.idle, s.owes, a.name, a.email, a.role,
      exists (select from identity.totp f where f.account = a.id and f.confirmed_at is not null)
        or exists (select from identity.passkeys k where k.account = a.id),
      t.second_factor, t.provider_only, t.addresses::text[]
    from identity.sessions s
    join identity.accounts a on a.id = s.account and a.removed_at is null
    left join identity.settings t on t.tenant = s.tenant
    where (s.hash = by_hash or s.id = by_id) and s.ended_at is null and s.ends_at > instant;
end $$;
revoke all on function identity.look_at_session(bytea, uuid, timestamptz) from public;
grant execute on function identity.look_at_session(bytea, uuid, timestamptz) to :server;
