-- A user of the tenant answers by a session or key of their own too: then the account is known, and no runner
-- passed the word on.
alter table access.answers alter column runner drop not null;
alter table access.answers add column account uuid;
alter table access.answers add check ((runner is null) <> (account is null));
