//! The border desk on real servers.
#![cfg(test)]

mod facts;
mod links;
mod machines;
mod requests;
