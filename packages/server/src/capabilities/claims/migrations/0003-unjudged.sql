-- Evidence that no judge has read yet. A job that was meant to wake one can be lost; a row cannot.
create table claims.unjudged (
  mark bigint generated always as identity primary key
);
grant select, insert, delete on claims.unjudged to :server;
