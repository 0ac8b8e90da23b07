-- Looks that were sent out by a clock far ahead are found by it.
create index on claims.collections (started_at);

-- Whether a person or a program speaks by an id: it never changes.
create table claims.holders (
  runner text primary key,
  personal boolean not null
);
grant select, insert on claims.holders to :server;
