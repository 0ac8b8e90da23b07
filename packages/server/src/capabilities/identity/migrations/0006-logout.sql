-- By what a SAML provider knows a session that it began, to end it there and be told of its end.
alter table identity.sessions add column provider_index text, add column provider_format text;
