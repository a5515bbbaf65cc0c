//! A whole case in four steps: CREATE (registered, accepted) → DISPATCH (proposed, decided, dispatched, signed for) → SETTLE
//! (consents, a session, an agreement) → SEARCH (found again as settled). Every other agreement is oral and takes effect at
//! once, as most in townships do; the others are written and signed one by one.

use std::time::Instant;

use contracts::roles::Role;
use serde_json::{Value, json};

use super::{
    begin,
    desk::{decide, dispatch, open},
    intake::{accept_only, register},
    made_up, person, reading, text, today,
};
use crate::{
    cases::Case,
    hand::{Failed, Hand, now},
    kinds::{AGREEMENT, CONSENT, SESSION, SIGN, START},
    people::Desk,
};

/// Plays one.
pub async fn play(hand: &mut Hand<'_>, turn: u64) -> Result<(), Failed> {
    let Ok(desk) = hand.world.people.next_desk() else {
        return Ok(());
    };
    let clerk = person(hand, Role::WindowClerk);
    let began = hand.due().unwrap_or_else(Instant::now);
    let registered = register(hand, turn, &desk.regions, "window", clerk).await;
    let mut case = match registered {
        Ok(case) => case,
        Err(failed) => {
            hand.world.tally.step("1 CREATE", began.elapsed(), false);
            return Err(failed);
        }
    };
    let outcome = carry_on(hand, &mut case, &desk, turn, began).await;
    hand.world.keep(case);
    outcome
}

async fn carry_on(
    hand: &mut Hand<'_>,
    case: &mut Case,
    desk: &Desk,
    turn: u64,
    began: Instant,
) -> Result<(), Failed> {
    let clerk = person(hand, Role::WindowClerk);
    let accepted = accept_only(hand, case, clerk).await;
    step(hand, "1 CREATE", began, accepted)?;

    let began = begin();
    let mut dispatched = decide(hand, case, turn).await.map(|()| String::new());
    if dispatched.is_ok() {
        dispatched = dispatch(hand, case, desk).await;
    }
    let order = step(hand, "2 DISPATCH", began, dispatched)?;

    let began = begin();
    let settled = settle(hand, case, desk, turn, &order).await;
    let sent = step(hand, "3 SETTLE", began, settled)?;

    let began = begin();
    let leader = person(hand, Role::Leader);
    let agreed = |entry: &Value| entry.get("outcome").and_then(Value::as_str) == Some("agreed");
    let mut found = hand.watch(case, leader, sent, agreed).await;
    if found.is_ok() {
        found = reading::find(hand, case, turn).await;
    }
    step(hand, "4 SEARCH", began, found)
}

/// Notes how long a step took.
fn step<T>(
    hand: &Hand<'_>,
    name: &'static str,
    began: Instant,
    outcome: Result<T, Failed>,
) -> Result<T, Failed> {
    hand.world
        .tally
        .step(name, began.elapsed(), outcome.is_ok());
    outcome
}

/// From the proceeding to an agreement in effect; gives when the command was sent with which it took effect.
async fn settle(
    hand: &mut Hand<'_>,
    case: &mut Case,
    desk: &Desk,
    turn: u64,
    order: &str,
) -> Result<Instant, Failed> {
    let mediator = desk.mediator();
    let proceeding = open(hand, case, desk, order).await?;
    let path = format!("/mediation/v1/proceedings/{proceeding}");
    for party in case.parties.clone() {
        let consent = json!({ "party_id": party, "consents": true, "way": "in_person" });
        let consents = format!("{path}/consents");
        let consented = hand.post(CONSENT, &consents, mediator, &consent).await;
        case.note(&["mediation.consented"], consented)?;
    }
    let start = json!({ "mediator_ids": [desk.mediator_id()] });
    let started = hand
        .post(START, &format!("{path}/start"), mediator, &start)
        .await;
    case.note(&["mediation.started"], started)?;
    let session = json!({
        "held_at": now(), "place": "centre", "attendance": case.parties,
        "record": "双方到场,调解员听取陈述,释明法律,提出方案。",
    });
    let held = hand
        .post(SESSION, &format!("{path}/sessions"), mediator, &session)
        .await;
    case.note(&["mediation.session_held"], held)?;

    let oral = turn.is_multiple_of(2);
    let mut facts = vec!["agreement.drafted"];
    if oral {
        facts.extend(EFFECT);
    }
    let sent = begin();
    let body = draft(case, turn, oral);
    let drafted = hand
        .post(AGREEMENT, &format!("{path}/agreement"), mediator, &body)
        .await;
    let agreement = text(&case.note(&facts, drafted)?, "id");
    let sent = match oral {
        true => sent,
        false => sign(hand, case, desk, &agreement).await?,
    };
    case.settled = true;
    Ok(sent)
}

/// What an agreement in effect leaves behind beside what led to it.
const EFFECT: [&str; 2] = ["agreement.effective", "mediation.ended"];

/// Everyone's signature, and the organisation's seal; gives when the last was sent.
async fn sign(
    hand: &mut Hand<'_>,
    case: &mut Case,
    desk: &Desk,
    agreement: &str,
) -> Result<Instant, Failed> {
    let path = format!("/mediation/v1/agreements/{agreement}/signatures");
    for party in case.parties.clone() {
        let act = json!({ "signer": "party", "party_id": party, "form": "handwritten", "scan_reference": "扫描件" });
        let signed = hand.post(SIGN, &path, desk.mediator(), &act).await;
        case.note(&["agreement.signed_by"], signed)?;
    }
    let act = json!({ "signer": "mediator", "form": "handwritten", "scan_reference": "扫描件" });
    let signed = hand.post(SIGN, &path, desk.mediator(), &act).await;
    case.note(&["agreement.signed_by"], signed)?;
    let sent = begin();
    let act = json!({ "signer": "organisation", "form": "seal", "scan_reference": "扫描件" });
    let signed = hand.post(SIGN, &path, desk.officer(), &act).await;
    let [effective, ended] = EFFECT;
    case.note(&["agreement.signed_by", effective, ended], signed)?;
    Ok(sent)
}

fn draft(case: &Case, turn: u64, oral: bool) -> Value {
    let amount = made_up::matter(turn).2.max(10_000);
    let way = if oral { "immediate_payment" } else { "payment" };
    let due = today() + chrono::Days::new(if oral { 0 } else { 30 });
    json!({
        "form": if oral { "oral" } else { "written" }, "immediate": oral,
        "facts": "双方对主要事实无争议。", "content": "被申请人向申请人支付款项,双方就此了结。",
        "content_codes": [], "amount_fen": amount,
        "obligations": [{ "act": "一次付清", "way": way, "debtor": case.parties.get(1), "due_on": due, "amount_fen": amount }],
    })
}
