//! What several operations answer.

mod agreement;
mod proceeding;
mod register;

pub use agreement::{AgreementView, ObligationView};
pub use proceeding::{ProceedingView, SessionView};
pub use register::{MediatorView, OrganisationView};
