//! The rules, without input or output: what may be done with a proceeding, an agreement, an obligation, and the register.

pub mod agreement;
pub mod amendment;
pub mod care;
pub mod choice;
pub mod consent;
pub mod course;
pub mod drafting;
pub mod effect;
pub mod ending;
pub mod extension;
mod fact;
pub mod limit;
pub mod mediator;
pub mod obligation;
pub mod opening;
pub mod organisation;
pub mod other_way;
pub mod participant;
pub mod pause;
pub mod proceeding;
pub mod record;
mod refusal;
pub mod replacement;
pub mod session;
pub mod sham;
pub mod signature;
pub mod staffing;
pub mod start;
pub mod time_over;

use contracts::{lifecycle::StateMachine, problems::common};

pub use fact::Fact;
pub use refusal::Refusal;

/// The state that `command` leads to, when the object's table allows it.
///
/// # Errors
/// `transition-not-allowed`.
pub fn step<M: StateMachine>(
    from: Option<M::State>,
    command: &str,
    to: M::State,
) -> Result<M::State, Refusal> {
    let allowed = M::TRANSITIONS.iter().any(|t| {
        t.command == command
            && t.to == to
            && from.map_or(t.from.is_empty(), |from| t.from.contains(&from))
    });
    if allowed {
        return Ok(to);
    }
    let (name_zh, name) = (M::NAME.1, M::NAME.0);
    let refusal = Refusal::new(&common::TRANSITION_NOT_ALLOWED);
    Err(match from {
        Some(from) => refusal.detail(
            format!("{name_zh}当前状态为 {from}"),
            format!("The {name} is in state {from}"),
        ),
        None => refusal,
    })
}
