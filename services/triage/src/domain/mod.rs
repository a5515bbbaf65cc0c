//! The rules of triage, without database or network.

pub mod case;
pub mod decision;
pub mod order;
pub mod organisation;
pub mod proposal;
pub mod refusal;

pub use case::{CaseState, TriageCase};
pub use decision::{Choice, Decision};
pub use order::{Dispatch, Order, OrderState};
pub use organisation::Organisation;
pub use proposal::CaseProposal;
pub use refusal::Refusal;
