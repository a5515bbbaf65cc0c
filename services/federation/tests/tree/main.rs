//! What goes wrong between nodes, on real servers: each node with its own nats-server, database and border desk, links over TLS
//! through a network that can be broken.
#![cfg(test)]

mod databases;
mod links;
mod messages;
mod node;
mod stores;
mod told;
