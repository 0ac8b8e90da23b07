-- Which log this is: said by its first start and by none after, so that no second key ever signs in it.
create table ledger.identity (
  one boolean primary key default true check (one),
  key text not null
);
create trigger append_only before update or delete or truncate on ledger.identity execute function ledger.refuse();
grant select, insert on ledger.identity to :server;

-- Checkpoints are counted, so that one taken from their middle is missed.
alter table ledger.checkpoints disable trigger append_only;
alter table ledger.checkpoints add column number bigint;
update ledger.checkpoints c set number = n.number
from (select size, row_number() over (order by size) as number from ledger.checkpoints) n where n.size = c.size;
alter table ledger.checkpoints alter column number set not null, add unique (number);
alter table ledger.checkpoints enable trigger append_only;

create function ledger.count_checkpoint() returns trigger language plpgsql set search_path = '' as $$
begin
  new.number = (select coalesce(max(number), 0) + 1 from ledger.checkpoints);
  return new;
end $$;
create trigger is_counted before insert on ledger.checkpoints
  for each row execute function ledger.count_checkpoint();
