-- Those who have not confirmed are counted and forgotten, whatever number has.
create index on publishing.subscriptions (asked_at) where confirmed_at is null;
