//! Clocks 时限: deadlines that live in the database of the service that started them. Started, stopped, paused and lengthened
//! in the transaction of the fact that does it; claimed when due by whichever process is free.
//!
//! A clock is *open* while something is still to be done in its time (`ended_at IS NULL`): running, paused, or overdue.

mod announced;
mod change;
mod elsewhere;
mod job;
mod list;
pub mod sql;
mod start;
mod store;

pub use elsewhere::{hold, release};
pub(crate) use job::run;
pub(crate) use list::ClockDesk;
pub use list::{ClockFilter, ClockName, ClockView, Standing, list_clocks};
pub use start::{Holder, NewClock};
pub use store::{DueClock, MovedClock};
