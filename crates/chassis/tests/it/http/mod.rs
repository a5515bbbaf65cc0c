//! The HTTP layer on a real server, with a toy service.

mod auth;
mod body;
mod docs;
mod limits;
mod lists;
mod ops;
mod problems;
mod replies;
mod stopping;
pub mod toy;
