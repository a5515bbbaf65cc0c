//! The rules, without a database.

mod facts;
mod nodes;
mod period;
mod snapshot;
mod span;
mod table;
