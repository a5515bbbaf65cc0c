//! Intake on real servers: one PostgreSQL database and one nats-server a test.
#![cfg(test)]

mod adoption;
mod answers;
mod api;
mod consumers;
mod documents;
mod domain;
mod machines;
mod policy;
mod support;
