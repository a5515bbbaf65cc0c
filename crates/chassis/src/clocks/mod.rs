//! Clocks 时限: deadlines that live in the database of the service that started them. Started and stopped in the
//! transaction of the fact that starts or stops them; claimed when due by whichever process is free.

mod job;
mod policy;
mod rows;

pub(crate) use job::run;
pub use rows::{DueClock, NewClock};
