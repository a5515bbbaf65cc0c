//! Mixed intake: window, hotline, QR code.

use contracts::roles::Role;
use serde_json::json;

use super::{begin, filled, made_up, person, text};
use crate::{
    cases::Case,
    hand::{Failed, Hand},
    kinds::{ACCEPT, CASE, MATTERS, REGISTER},
};

/// At the window: registered and accepted by one clerk.
pub async fn window(hand: &mut Hand<'_>, turn: u64) -> Result<(), Failed> {
    let clerk = person(hand, Role::WindowClerk);
    let case = register(hand, turn, &hand.world.regions, "window", clerk).await?;
    accept(hand, case, clerk).await
}

/// By telephone: one of the two hotlines.
pub async fn hotline(hand: &mut Hand<'_>, turn: u64) -> Result<(), Failed> {
    let clerk = person(hand, Role::WindowClerk);
    let line = match turn.is_multiple_of(2) {
        true => "hotline",
        false => "phone_12345",
    };
    let case = register(hand, turn, &hand.world.regions, line, clerk).await?;
    accept(hand, case, clerk).await
}

/// By the QR code 解纷码: the person registers and looks how it stands; a clerk finds it in the list and accepts it.
pub async fn code(hand: &mut Hand<'_>, turn: u64) -> Result<(), Failed> {
    let (applicant, clerk) = (
        person(hand, Role::Applicant),
        person(hand, Role::WindowClerk),
    );
    let case = register(hand, turn, &hand.world.regions, "mobile", applicant).await?;
    let path = format!("/intake/v1/cases/{}", case.id);
    let mut seen = hand.get(CASE, &path, applicant).await.map(drop);
    if seen.is_ok() {
        let list = "/intake/v1/matters?state=registered&limit=20";
        seen = hand.get(MATTERS, list, clerk).await.map(drop);
    }
    match seen {
        Ok(()) => accept(hand, case, clerk).await,
        Err(failed) => {
            hand.world.keep(case);
            Err(failed)
        }
    }
}

/// Registers a matter in one of these regions.
pub async fn register(
    hand: &mut Hand<'_>,
    turn: u64,
    regions: &[String],
    channel: &str,
    token: &str,
) -> Result<Case, Failed> {
    let length = u64::try_from(regions.len()).unwrap_or(1);
    let at = turn.checked_rem(length).unwrap_or_default();
    let region = usize::try_from(at).ok().and_then(|at| regions.get(at));
    let body = made_up::registration(turn, region.map_or("", String::as_str), channel);
    let registered = hand
        .post(REGISTER, "/intake/v1/matters", token, &body)
        .await?;
    let parties = registered.get("parties").and_then(|p| p.as_array());
    let parties = parties.into_iter().flatten();
    Ok(Case::new(
        text(&registered, "case_id"),
        text(&registered, "id"),
        parties.map(|party| text(party, "party_id")).collect(),
    ))
}

/// The command with which a matter is accepted.
pub async fn accept_only(hand: &mut Hand<'_>, case: &mut Case, clerk: &str) -> Result<(), Failed> {
    let path = format!("/intake/v1/matters/{}/accept", case.matter_id);
    let accepted = hand.post(ACCEPT, &path, clerk, &json!({})).await;
    case.note(&["matter.accepted"], accepted)?;
    case.accepted = true;
    Ok(())
}

/// Accepts a matter, watches it arrive in reporting, and leaves the case to the triage desk.
async fn accept(hand: &mut Hand<'_>, mut case: Case, clerk: &str) -> Result<(), Failed> {
    let sent = begin();
    let mut outcome = accept_only(hand, &mut case, clerk).await;
    if outcome.is_ok() {
        let leader = person(hand, Role::Leader);
        outcome = hand.watch(&case, leader, sent, filled("accepted_at")).await;
    }
    match case.accepted {
        true => hand.world.leave(case),
        false => hand.world.keep(case),
    }
    outcome
}
