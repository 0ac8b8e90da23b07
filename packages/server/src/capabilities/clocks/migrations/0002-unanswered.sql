-- An alarm that its owner could not answer is raised again later.
alter table clocks.alarms
  add failures integer not null default 0 check (failures >= 0),
  add waits_until timestamptz;
