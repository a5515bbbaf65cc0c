DROP INDEX obligations_state;
