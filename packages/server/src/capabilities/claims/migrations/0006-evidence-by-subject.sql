-- What was said of one system, as it came in: one that few speak of is found without reading all others'.
create index on claims.evidence (subject, seq desc);
