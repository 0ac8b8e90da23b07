-- What moves, and where it lands, is the owner's to say: the server's role asks for it and can take
-- nothing out of the outbox, leave no gap in the log and put nothing beyond its end.
create function ledger.move_entries(most int) returns void
language sql security definer set search_path = '' as $$
  with moved as (
    delete from ledger.outbox
    where ticket = any(array(select ticket from ledger.outbox order by ticket limit most))
    returning ticket, body
  )
  insert into ledger.entries (index, ticket, leaf, body)
  select (select coalesce(max(index) + 1, 0) from ledger.entries) + row_number() over (order by ticket) - 1,
    ticket, sha256('\x00'::bytea || body), body
  from moved;
$$;
grant execute on function ledger.move_entries to :server;
revoke insert on ledger.entries from :server;
revoke delete on ledger.outbox from :server;

-- A checkpoint and the head speak of the log that there is, and the head never goes back.
create function ledger.refuse_other_size() returns trigger language plpgsql set search_path = '' as $$
begin
  if new.size is distinct from (select coalesce(max(index) + 1, 0) from ledger.entries) then
    raise exception 'the ledger has another size' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger speaks_of_the_log before insert on ledger.checkpoints
  for each row execute function ledger.refuse_other_size();
create trigger speaks_of_the_log before update on ledger.head
  for each row execute function ledger.refuse_other_size();
