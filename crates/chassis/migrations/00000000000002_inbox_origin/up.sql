-- The same id from another origin is another event: a copied database at another node must not make events vanish.
ALTER TABLE inbox DROP CONSTRAINT inbox_pkey, ADD PRIMARY KEY (event_id, origin);
