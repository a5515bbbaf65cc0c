//! The policy pack: everything a locality may decide without touching code.
//!
//! - [`calendar`]: the State Council's working days, holidays and make-up days.
//! - [`clock`]: time limits (时限): when one is due, warned, extended, resumed after a pause.
//! - [`pack`]: loading `policies/` in layers (nation < province < city < county), with locks, JSON Schema,
//!   strict types and compiled rule conditions. A wrong pack is refused with file, line and reason.
//! - [`sections`]: one module per policy file, each with its typed contents and look-ups.
//! - [`triage`]: the rules that propose type, route, track and colour, with their reasons.
//! - [`number`]: patterns of acceptance and file numbers.
//! - [`rounding`]: percentages that say how they were rounded.
//!
//! The crate is pure: it reads files once and never the clock, the network or a database.

pub mod calendar;
pub mod clock;
mod current;
pub mod number;
pub mod pack;
pub mod rounding;
pub mod sections;
pub mod text;
pub mod triage;

pub use calendar::Calendar;
pub use clock::{ClockRule, Due};
pub use current::CurrentPolicy;
pub use pack::{HandedDown, PackError, PackErrors, PackFiles, PolicyPack};
pub use text::Text;
pub use triage::{Proposal, TriageInput};
