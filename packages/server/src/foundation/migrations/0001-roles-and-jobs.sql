-- Nobody may do anything unless a line says so.
revoke all on schema public from public;
revoke all on all functions in schema graphile_worker from public;
alter default privileges revoke execute on functions from public;

grant usage on schema kept to :server, :worker;

-- The worker's role carries jobs and sees nothing else; their work goes through the gate as the server.
grant usage on schema graphile_worker to :worker;
grant select, insert, update, delete on all tables in schema graphile_worker to :worker;
-- Its tables are closed by row security without a policy; this role is who they are open to.
do $$
declare name text;
begin
  for name in select tablename from pg_tables where schemaname = 'graphile_worker' loop
    execute format('create policy carries on graphile_worker.%I to :worker using (true) with check (true)', name);
  end loop;
end $$;
grant usage, select on all sequences in schema graphile_worker to :worker;
grant execute on all functions in schema graphile_worker to :worker;
alter default privileges in schema graphile_worker grant select, insert, update, delete on tables to :worker;
alter default privileges in schema graphile_worker grant usage, select on sequences to :worker;
alter default privileges in schema graphile_worker grant execute on functions to :worker;

-- Enqueues work in the caller's own transaction; the caller needs no right on the jobs' schema.
create function kept.enqueue(name text, input json, key text) returns void
language sql security definer set search_path = '' as $$
  select graphile_worker.add_job(name, input, run_at := pg_catalog.clock_timestamp(), max_attempts := 10, job_key := key);
$$;
grant execute on function kept.enqueue to :server;

-- Replies kept for a day, so that a write sent twice is done once.
create table kept.replies (
  actor text not null,
  key text not null,
  request bytea not null,
  reply jsonb not null,
  at timestamptz not null,
  primary key (actor, key)
);
create index on kept.replies (at);
grant select, insert, delete on kept.replies to :server;
