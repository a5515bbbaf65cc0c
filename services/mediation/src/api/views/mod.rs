//! What several operations answer.

mod agreement;
mod proceeding;
mod record;
mod register;

pub use agreement::{AgreementView, ObligationView};
pub use proceeding::{ProceedingView, SessionView};
pub use record::{ConcessionView, FactsView, ReportsView};
pub use register::{MediatorView, OrganisationView, UnderstaffedView};
