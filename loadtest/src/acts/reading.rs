//! Search in registers and ledger, and the leader's figures.

use chrono::Days;
use contracts::roles::Role;
use serde_json::Value;

use super::{choose, list_and_open, made_up, person, today};
use crate::{
    cases::Case,
    hand::{Failed, Hand},
    kinds::{CASE, ENTRY, INDICATORS, LEDGER, MATTER, MATTERS, STATISTICS, TIMELINE},
};

/// A clerk looks for a matter, a leader for cases of a type: the first pages, and one of what is found.
pub async fn search(hand: &mut Hand<'_>, turn: u64) -> Result<(), Failed> {
    let from = today().checked_sub_days(Days::new(30)).unwrap_or_default();
    if turn.is_multiple_of(2) {
        let clerk = person(hand, Role::WindowClerk);
        let state = match turn % 4 {
            0 => "accepted",
            _ => "registered",
        };
        let path = format!("/intake/v1/matters?state={state}&from={from}&limit=50");
        let open = (MATTER, "/intake/v1/matters", "id");
        return list_and_open(hand, (MATTERS, &path), open, clerk, turn).await;
    }
    let leader = person(hand, Role::Leader);
    let path = format!(
        "/reporting/v1/ledger?type={}&from={from}&limit=50",
        made_up::matter(turn).0
    );
    let mut page = hand.get(LEDGER, &path, leader).await?;
    if let Some(cursor) = page.get("next_cursor").and_then(Value::as_str) {
        let path = format!("{path}&cursor={cursor}");
        page = hand.get(LEDGER, &path, leader).await?;
    }
    if let Some(id) = choose(&page, "case_id", turn) {
        let path = format!("/reporting/v1/ledger/{id}");
        hand.get(ENTRY, &path, leader).await?;
        let path = format!("/reporting/v1/cases/{id}/timeline");
        hand.get(TIMELINE, &path, leader).await?;
    }
    Ok(())
}

/// A leader looks at the month's figures.
pub async fn dashboard(hand: &mut Hand<'_>) -> Result<(), Failed> {
    let leader = person(hand, Role::Leader);
    let from = today().checked_sub_days(Days::new(30)).unwrap_or_default();
    for dimension in ["type", "region", "colour"] {
        let path = format!("/reporting/v1/statistics?dimension={dimension}&from={from}");
        hand.get(STATISTICS, &path, leader).await?;
    }
    let path = format!("/reporting/v1/indicators?from={from}");
    hand.get(INDICATORS, &path, leader).await?;
    Ok(())
}

/// The end of a lifecycle: the clerk answers the person who asks, the leader finds the case among the settled ones.
pub async fn find(hand: &mut Hand<'_>, case: &Case, turn: u64) -> Result<(), Failed> {
    let (clerk, leader) = (person(hand, Role::WindowClerk), person(hand, Role::Leader));
    let path = format!("/intake/v1/cases/{}", case.id);
    hand.get(CASE, &path, clerk).await?;
    let (code, day) = (made_up::matter(turn).0, today());
    let path =
        format!("/reporting/v1/ledger?type={code}&outcome=agreed&from={day}&to={day}&limit=20");
    hand.get(LEDGER, &path, leader).await?;
    let path = format!("/reporting/v1/cases/{}/timeline", case.id);
    hand.get(TIMELINE, &path, leader).await.map(drop)
}
