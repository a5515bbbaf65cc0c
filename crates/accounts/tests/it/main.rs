//! Linked nodes on real servers in operator mode: what flows, what does not, and how a link is cut.

#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    reason = "the tests are clients of the server: they publish, and read the clock"
)]

mod hostile;
mod invitations;
mod parents;
mod revocation;
mod support;
mod tree;
