//! The border desk on real servers.
#![cfg(test)]

mod requests;
