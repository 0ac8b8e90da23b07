-- How many accounts counted in the list that was there before: what is cut off says of itself that it is whole.
alter table identity.account_lists add column previous integer;
