-- What somebody is to be called, where whoever invites them says so.
alter table identity.invitations add column name text;
