-- By which a judge finds each runner's newest word, and its newest that decides, without reading the rest.
create index on claims.evidence (kind, subject, runner, observed_at desc);
create index on claims.evidence (kind, subject, runner, observed_at desc) where outcome <> 'inconclusive';
