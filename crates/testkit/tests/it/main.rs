//! The test tools, tested with the real programs.

#![cfg(test)]

mod databases;
mod machines;
mod proxy;
mod shared_server;
mod tokens;
