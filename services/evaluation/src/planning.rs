//! Planning visits by the policy pack: which plan a case has, and when a visit is due.

use chassis::{
    clocks::{Holder, NewClock},
    db::Tx,
    http::Problem,
};
use contracts::events::triage::RiskColour;
use policy::{PolicyPack, sections::evaluation::FollowUpPlan};

use crate::{
    domain::{
        case::Case,
        clock,
        follow_up::{FollowUp, FollowUpState, days_of},
    },
    store,
};

/// Plans visit `visit` (from 1) of a case's plan: the row, its clock and its event. Nothing when the plan has no such visit.
pub async fn schedule(
    tx: &mut Tx,
    policy: &PolicyPack,
    case: &Case,
    visit: i16,
) -> Result<(), Problem> {
    let (type_code, plan) = plan_of(policy, case)?;
    let (Some(ended_at), Some(days)) = (case.ended_at, days_of(plan, visit)) else {
        return Ok(());
    };
    let mut rule = policy
        .clock(clock::VISIT, Some(type_code))
        .map_err(Problem::unexpected)?
        .clone();
    // The plan says when; the rule, how days are counted and who is warned.
    rule.amount = days;
    rule.unit = policy::clock::Unit::Day;
    let due = rule.due(ended_at, policy.calendar());
    let (follow_up, event) = FollowUp::schedule(tx.new_id(), case, visit, &due, tx.now());
    if !store::follow_ups::insert(tx, &follow_up).await? {
        return remind(tx, case, visit).await;
    }
    let clock = NewClock::of_rule(
        policy,
        clock::VISIT,
        &rule,
        follow_up.id,
        Holder::new(case.id, case.region),
        ended_at,
        due,
    );
    tx.start_clock(&clock);
    tx.publish(case.id, &event)
}

/// The work on a case ended a second time, and the visit is planned since the first: the others are told that it waits for it again.
async fn remind(tx: &mut Tx, case: &Case, visit: i16) -> Result<(), Problem> {
    let known = store::follow_ups::of_case(tx.conn(), case.id).await?;
    let planned = known
        .iter()
        .find(|known| known.visit == visit && known.state == FollowUpState::Planned);
    match planned {
        Some(planned) => tx.publish(case.id, &planned.scheduled(tx.now())),
        None => Ok(()),
    }
}

/// The dispute type a case counts as, and its plan. A case that was never triaged counts as ordinary.
fn plan_of<'a>(
    policy: &'a PolicyPack,
    case: &'a Case,
) -> Result<(&'a str, &'a FollowUpPlan), Problem> {
    let fallback = &policy.dispute_types().fallback;
    let type_code = case.type_code.as_ref().unwrap_or(fallback);
    let colour = case.colour.unwrap_or(RiskColour::Blue);
    let plan = policy.evaluation().plan(type_code, colour);
    let plan = plan.ok_or_else(|| Problem::unexpected("the policy pack has no plan for all"))?;
    Ok((type_code, plan))
}
