-- The open ones among all that were ever performed.
CREATE INDEX obligations_state ON obligations (state, due_on, id);
