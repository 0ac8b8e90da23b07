-- A false subtree stood in the way of the true one and stopped the log for ever. What a complete
-- subtree is follows from the leaves: the server's role only asks for those that are missing.

-- The root of 2^n hashes that follow each other, RFC 6962 section 2.1.
create function ledger.root_of(hashes bytea) returns bytea
language plpgsql immutable set search_path = '' as $$
begin
  while length(hashes) > 32 loop
    select string_agg(sha256('\x01'::bytea || substring(hashes from 64 * n + 1 for 64)), ''::bytea order by n)
    into hashes from generate_series(0, length(hashes) / 64 - 1) as n;
  end loop;
  return hashes;
end $$;

create function ledger.add_subtrees() returns void
language plpgsql security definer set search_path = '' as $$
declare
  height smallint := 1;
  below bigint := (select coalesce(max(index) + 1, 0) from ledger.entries);
begin
  while below >= 256 loop
    insert into ledger.subtrees (level, index, hash)
    select height, n, ledger.root_of(case height
      when 1 then (select string_agg(leaf, ''::bytea order by index) from ledger.entries
        where index >= n * 256 and index < (n + 1) * 256)
      else (select string_agg(hash, ''::bytea order by index) from ledger.subtrees
        where level = height - 1 and index >= n * 256 and index < (n + 1) * 256)
      end)
    from generate_series(
      (select coalesce(max(index) + 1, 0) from ledger.subtrees where level = height),
      below / 256 - 1) as n;
    below := below / 256;
    height := height + 1;
  end loop;
end $$;
grant execute on function ledger.add_subtrees to :server;
revoke insert on ledger.subtrees from :server;
