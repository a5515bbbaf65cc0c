//! The rules of triage, without database or network.

pub mod case;
pub mod consultation;
pub mod decision;
pub mod feedback;
pub mod hand_over;
pub mod order;
pub mod order_act;
pub mod organisation;
pub mod proposal;
pub mod refusal;
pub mod returns;
pub mod risk;
pub mod roster;
pub mod study;
pub mod supervision;
pub mod task_force;

pub use case::{CaseState, TriageCase};
pub use consultation::{Consultation, ConsultationCall, ConsultationState, Department, Outcome};
pub use decision::{Choice, Decision};
pub use feedback::{Feedback, Then};
pub use hand_over::Offer;
pub use order::{Dispatch, Order, OrderState};
pub use order_act::{Before, OrderAct, OrderActKind, Rework};
pub use organisation::Organisation;
pub use proposal::CaseProposal;
pub use refusal::Refusal;
pub use returns::{Return, ReturnAsk, ReturnState};
pub use risk::{ColourChange, Recoloured, Towards};
pub use roster::{Duty, RosterEntry};
pub use study::{Finding, Study};
pub use supervision::{Demand, RanOut, Supervision, SupervisionState, Urge};
pub use task_force::{Purpose, TaskForce, TaskForceReport, TaskForceState, TaskForceUrge, Team};

use contracts::lifecycle::StateMachine;

/// The state that `command` leads to, when the object's table allows it.
fn step<M: StateMachine>(from: M::State, command: &str, to: M::State) -> Result<M::State, Refusal> {
    let allowed = M::TRANSITIONS
        .iter()
        .any(|t| t.command == command && t.to == to && t.from.contains(&from));
    if allowed {
        return Ok(to);
    }
    Err(Refusal::Transition {
        state: from.to_string(),
    })
}
