//! Desk work: a list, a case opened, its next step.

use contracts::roles::Role;
use serde_json::{Value, json};

use super::{list_and_open, made_up, person, text};
use crate::{
    cases::Case,
    hand::{Failed, Hand},
    kinds::{
        DECIDE, DISPATCH, OBLIGATIONS, OPEN, ORDERS, PROCEEDING, PROCEEDINGS, PROPOSAL, SIGN_ORDER,
        WORKLIST,
    },
    people::Desk,
};

/// Triage desk, organisation and mediator take turns.
pub async fn work(hand: &mut Hand<'_>, turn: u64) -> Result<(), Failed> {
    let Ok(desk) = hand.world.people.next_desk() else {
        return Ok(());
    };
    match turn % 3 {
        0 => triage(hand, turn).await,
        1 => {
            let officer = desk.officer();
            let list = (ORDERS, "/triage/v1/orders?state=issued&limit=50");
            hand.get(list.0, list.1, officer).await?;
            let list = (PROCEEDINGS, "/mediation/v1/proceedings?limit=50");
            let open = (PROCEEDING, "/mediation/v1/proceedings", "id");
            list_and_open(hand, list, open, officer, turn).await
        }
        _ => {
            let mediator = desk.mediator();
            let list = (
                PROCEEDINGS,
                "/mediation/v1/proceedings?state=mediating&limit=50",
            );
            hand.get(list.0, list.1, mediator).await?;
            let path = "/mediation/v1/obligations?state=open&limit=50";
            hand.get(OBLIGATIONS, path, mediator).await.map(drop)
        }
    }
}

/// The triage officer opens the worklist and decides on the case that has waited longest.
async fn triage(hand: &mut Hand<'_>, turn: u64) -> Result<(), Failed> {
    let officer = person(hand, Role::TriageOfficer);
    let path = "/triage/v1/cases?state=accepted&limit=50";
    let Some(mut case) = hand.world.take_waiting() else {
        let open = (PROPOSAL, "/triage/v1/cases", "case_id");
        return list_and_open(hand, (WORKLIST, path), open, officer, turn).await;
    };
    let mut outcome = hand.get(WORKLIST, path, officer).await.map(drop);
    if outcome.is_ok() {
        outcome = decide(hand, &mut case, turn).await;
    }
    hand.world.keep(case);
    outcome
}

/// A person decides on what the machine proposed.
pub async fn decide(hand: &mut Hand<'_>, case: &mut Case, turn: u64) -> Result<(), Failed> {
    let officer = person(hand, Role::TriageOfficer);
    let path = format!("/triage/v1/cases/{}", case.id);
    let proposed = |case: &Value| case.get("proposal").is_some_and(|p| !p.is_null());
    let found = hand.get_when(PROPOSAL, &path, officer, proposed).await?;
    let proposal = found.get("proposal");
    let decision = json!({
        "type_code": made_up::matter(turn).0, "route": "peoples_mediation",
        "track": proposal.and_then(|p| p.get("track")), "colour": proposal.and_then(|p| p.get("colour")),
        // Where the machine doubts that it may be mediated, a person says why it may.
        "reason": "经核实属平等主体之间的民事争议,双方愿意调解。",
    });
    let path = format!("{path}/decide");
    let decided = hand.post(DECIDE, &path, officer, &decision).await;
    case.note(&["triage.decided"], decided)?;
    Ok(())
}

/// The case goes to an organisation, whose officer signs for it; gives the order.
pub async fn dispatch(hand: &mut Hand<'_>, case: &mut Case, desk: &Desk) -> Result<String, Failed> {
    let officer = person(hand, Role::TriageOfficer);
    let order = json!({ "to_organisation": desk.organisation, "mode": "assign" });
    let path = format!("/triage/v1/cases/{}/dispatch", case.id);
    let issued = hand.post(DISPATCH, &path, officer, &order).await;
    let order = text(&case.note(&["dispatch.issued"], issued)?, "id");
    let path = format!("/triage/v1/orders/{order}/sign");
    let signed = hand
        .post(SIGN_ORDER, &path, desk.officer(), &json!({}))
        .await;
    case.note(&["dispatch.signed"], signed)?;
    Ok(order)
}

/// The organisation opens the proceeding for an order; gives the proceeding.
pub async fn open(
    hand: &mut Hand<'_>,
    case: &mut Case,
    desk: &Desk,
    order: &str,
) -> Result<String, Failed> {
    let body = json!({ "order_id": order });
    let opened = hand
        .post(OPEN, "/mediation/v1/proceedings", desk.officer(), &body)
        .await;
    Ok(text(&case.note(&["mediation.opened"], opened)?, "id"))
}
