DROP TABLE facts, nodes_keys, nodes, children, down_outbox_state, down_outbox, up_outbox_state, up_outbox;
