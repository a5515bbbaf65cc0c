//! The time limit of mediation ran out: it ends, and the parties are told of the other ways (transition 19; 人民调解法 26).

use chassis::{db::Tx, http::Problem};
use contracts::ids::ProceedingId;
use policy::PolicyPack;

use crate::{
    SEALING_CLOCK,
    api::effect,
    domain::Fact,
    store::{agreements, proceedings},
};

/// Ends mediation; a draft that not every party has signed lapses. One that every party has signed was reached in time: it is
/// left to the organisation to finish it, with a clock of its own.
///
/// # Errors
/// `unavailable`.
pub async fn run(tx: &mut Tx, id: ProceedingId, policy: &PolicyPack) -> Result<(), Problem> {
    let Some(before) = proceedings::of_clock(tx, id).await? else {
        return Ok(());
    };
    if before.ended_at.is_some() {
        return Ok(());
    }
    let draft = match before.agreement_id {
        Some(agreement_id) => agreements::of_event(tx, agreement_id).await?,
        None => None,
    };
    if before.reached_in_time(draft.as_ref()) {
        effect::start_clock(tx, &before, SEALING_CLOCK, policy).await?;
        return Ok(());
    }
    let code = &policy.mediation().time_over_end_code;
    let end = policy.mediation().end_code(code);
    let end = end.ok_or_else(|| Problem::unexpected(format!("no end code {code}")))?;
    let (after, facts) = before.clone().time_over(end, policy, tx.now())?;
    proceedings::update(tx, &after, before.version).await?;
    effect::after_end(tx, &before, &after, "time_over", policy).await?;
    Fact::publish_all(&facts, tx, after.case_id)
}
