//! The rules, without a database.

mod facts;
mod period;
mod table;
