//! `POST /agreements/{id}/amend`, `/amendment-signatures`, `GET /agreements`; agreeing anew after a dismissal.

use anyhow::Result;
use contracts::{
    Service,
    events::{
        clock::ClockBreached,
        intake::CaseReopened,
        mediation::{
            AgreementAmended, AgreementVoided, MediationEnded, MediationTransferred, PerformanceDue,
        },
    },
};
use serde_json::{Value, json};

use super::confirmed_agreement::{decided, rule};
use crate::support::{self, COUNTY, draft, signatures, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_binds_when_everyone_signed_it() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement, before) = desk.effective().await?;
    let path = format!("/agreements/{agreement}/amend");
    let signing = format!("/agreements/{agreement}/amendment-signatures");
    let fulfil = |obligation: &Value| format!("/obligations/{}/fulfil", text(obligation, "id"));
    let paid = json!({ "fulfilled_on": support::TODAY, "proof": "收据1号" });
    desk.post(&fulfil(&before[0]), paid.clone())
        .await?
        .expect(200)?;
    let later = json!({ "form": "written", "facts": "被申请人漏水致损。", "content": "余款延至年底一次付清。", "amount_fen": 200_000,
        "obligations": [{ "debtor": case.respondent, "way": "payment", "due_on": "2026-12-31", "amount_fen": 200_000 }] });
    let mut oral = later.clone();
    oral["form"] = json!("oral");
    let mut wrong = later.clone();
    wrong["amount_fen"] = json!(1);
    desk.all_refused(
        &signing,
        vec![(
            signatures(case).remove(0),
            409,
            "transition-not-allowed",
            json!(null),
        )],
    )
    .await?;
    desk.all_refused(
        &path,
        vec![
            (oral, 422, "written-form-required", json!("/form")),
            (wrong, 422, "amount-mismatch", json!("/amount_fen")),
        ],
    )
    .await?;
    desk.post(&path, later.clone()).await?.expect(200)?;
    let mut acts = signatures(case);
    let last = acts.pop().unwrap();
    for act in acts {
        desk.post(&signing, act).await?.expect(200)?;
    }
    desk.all_refused(
        &path,
        vec![(later, 409, "signature-already-given", json!(null))],
    )
    .await?;
    assert_eq!(
        desk.get(&format!("/agreements/{agreement}")).await?["amount_fen"],
        300_000
    );
    let view = desk.post(&signing, last).await?.expect(200)?;
    assert_eq!(
        (
            &view["amount_fen"],
            text(&view, "state"),
            &view["amendment"]
        ),
        (&json!(200_000), "performing", &json!(null))
    );
    assert_eq!(text(&view["history"][0], "content"), "被申请人赔偿三千元。");
    let event = desk
        .service
        .published::<AgreementAmended>()
        .await?
        .pop()
        .unwrap();
    assert_eq!((event.amount_fen, event.obligations.len()), (200_000, 1));
    let now = desk.get(&format!("/agreements/{agreement}")).await?;
    let states: Vec<_> = now["obligations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| text(o, "state").to_owned())
        .collect();
    assert_eq!(states, ["fulfilled", "superseded", "open"]);
    assert_eq!(
        desk.service
            .count("clocks WHERE kind = 'performance.obligation' AND ended_at IS NULL")
            .await?,
        1
    );
    desk.post(&fulfil(&before[1]), paid.clone())
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    desk.post(&fulfil(&now["obligations"][2]), paid)
        .await?
        .expect(200)?;
    assert_eq!(
        desk.get(&format!("/agreements/{agreement}")).await?["state"],
        "performed"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_dismissal_the_parties_may_agree_anew() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement, _) = desk.effective().await?;
    let open = json!({ "order_id": case.order });
    desk.post("/proceedings", open.clone())
        .await?
        .expect_problem(409, "conflict")?;
    rule(&desk, (case, agreement), "dismissed", 0).await?;
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    let first = format!("/proceedings/{}", text(&view, "proceeding_id"));
    assert_eq!(
        (
            text(&view, "state"),
            text(&desk.get(&first).await?, "state")
        ),
        ("performing", "agreement_dismissed")
    );
    let made = desk.post("/proceedings", open.clone()).await?.expect(201)?;
    desk.post("/proceedings", open)
        .await?
        .expect_problem(409, "conflict")?;
    let proceeding = text(&made, "id").parse()?;
    desk.consent(proceeding, case.applicant).await?;
    desk.consent(proceeding, case.respondent).await?;
    let at = |segment: &str| format!("/proceedings/{proceeding}/{segment}");
    desk.post(&at("start"), json!({ "mediator_ids": [desk.mediator] }))
        .await?
        .expect(200)?;
    desk.post(&at("sessions"), support::session(case))
        .await?
        .expect(201)?;
    let mut part = draft(case);
    part["open_issues"] = json!("误工费待鉴定后另行处理");
    let made = desk.post(&at("agreement"), part).await?.expect(201)?;
    desk.sign_all(case, text(&made, "id").parse()?).await?;
    // A part was settled: for the rest the parties are told of other ways.
    let ended = desk
        .service
        .published::<MediationEnded>()
        .await?
        .pop()
        .unwrap();
    assert!(
        ended.other_ways.contains(&"litigation".to_owned()),
        "{ended:?}"
    );
    // What it left open goes to the court, once; the agreement stands.
    desk.service
        .get(
            &format!("/mediation/v1{}", at("filing-file")),
            &desk.officer(),
        )
        .await?
        .expect_problem(404, "not-found")?;
    let way = json!({ "way": "litigation" });
    let view = desk
        .post(&at("other-way"), way.clone())
        .await?
        .expect(200)?;
    assert_eq!(text(&view, "state"), "agreed");
    desk.post(&at("other-way"), way)
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let file = desk.get(&at("filing-file")).await?;
    assert_eq!(text(&file, "open_issues"), "误工费待鉴定后另行处理");
    let transferred = desk.service.published::<MediationTransferred>().await?;
    assert!(transferred.last().is_some_and(|last| last.of_the_rest));
    let stands = desk
        .get(&format!("/agreements/{}", text(&made, "id")))
        .await?;
    assert_eq!(text(&stands, "state"), "performing");
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    assert_eq!(text(&view, "state"), "replaced");
    let voided = desk
        .service
        .published::<AgreementVoided>()
        .await?
        .pop()
        .unwrap();
    assert_eq!(
        (voided.agreement_id, voided.replaced_by),
        (agreement, Some(text(&made, "id").parse()?))
    );
    assert_eq!(
        desk.service
            .count("clocks WHERE kind = 'performance.obligation' AND ended_at IS NULL")
            .await?,
        2
    );
    let list = desk.get("/agreements?state=replaced").await?;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_dismissal_the_parties_may_take_another_way() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement, before) = desk.effective().await?;
    let paid = json!({ "fulfilled_on": support::TODAY, "proof": "收据1号" });
    let fulfil = |obligation: &Value| format!("/obligations/{}/fulfil", text(obligation, "id"));
    desk.post(&fulfil(&before[0]), paid.clone())
        .await?
        .expect(200)?;
    let of = desk.get(&format!("/agreements/{agreement}")).await?;
    let path = format!("/proceedings/{}/other-way", text(&of, "proceeding_id"));
    // An agreement that nobody has doubted binds.
    desk.post(&path, json!({ "way": "litigation" }))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    rule(&desk, (case, agreement), "dismissed", 0).await?;
    desk.post(&path, json!({ "way": "litigation" }))
        .await?
        .expect(200)?;
    desk.post(&path, json!({ "way": "litigation" }))
        .await?
        .expect_problem(409, "transition-not-allowed")?;

    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    assert_eq!(text(&view, "state"), "replaced");
    // What was paid stays paid; nobody is reminded of the rest, and nobody can register it.
    let owed = desk
        .service
        .count("clocks WHERE kind = 'performance.obligation' AND ended_at IS NULL");
    assert_eq!(owed.await?, 0);
    assert_eq!(
        desk.service
            .count("obligations WHERE state = 'fulfilled'")
            .await?,
        1
    );
    desk.post(&fulfil(&before[1]), paid)
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let voided = desk.service.published::<AgreementVoided>().await?;
    let replaced_by: Vec<_> = voided.iter().map(|voided| voided.replaced_by).collect();
    assert_eq!(replaced_by, [None]);
    let transferred = desk.service.published::<MediationTransferred>().await?;
    let ends: Vec<_> = transferred
        .iter()
        .map(|one| one.end_code.as_deref())
        .collect();
    assert_eq!(ends, [Some("large_gap")]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_was_opened_again_may_be_mediated_again() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.started().await?;
    let open = json!({ "order_id": case.order });
    let end = format!("/proceedings/{proceeding}/end");
    desk.post(&end, json!({ "end_code": "large_gap" }))
        .await?
        .expect(200)?;
    desk.post("/proceedings", open.clone())
        .await?
        .expect_problem(409, "conflict")?;
    let reopened: CaseReopened = serde_json::from_value(
        json!({ "case_id": case.id, "region": COUNTY,
        "reason": "dissatisfied", "closed_at": "2026-09-01T02:00:00Z", "reopened_at": "2026-09-01T02:00:00Z" }),
    )?;
    desk.service
        .publish(Service::Intake, case.id, &reopened)
        .await?;
    desk.service.settle().await?;
    desk.post("/proceedings", open.clone()).await?.expect(201)?;
    desk.post("/proceedings", open)
        .await?
        .expect_problem(409, "conflict")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parties_are_reminded_and_told_what_remains_on_default() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement, obligations) = desk.effective().await?;
    let reminded = async || -> Result<Vec<i64>> {
        Ok(desk
            .service
            .published::<PerformanceDue>()
            .await?
            .iter()
            .map(|event| event.days_left)
            .collect())
    };
    let come = async |instant: &str, sofar: &[i64]| -> Result<()> {
        desk.service.time.set(instant.parse()?);
        let all = async || Ok(reminded().await? == sofar);
        testkit::service::eventually("a reminder", all).await
    };
    come("2026-09-07T04:00:00Z", &[3]).await?;
    come("2026-09-10T04:00:00Z", &[3, 0]).await?;
    desk.service.time.set("2026-09-11T04:00:00Z".parse()?);
    let overdue = async || Ok(!desk.service.published::<ClockBreached>().await?.is_empty());
    testkit::service::eventually("the last day has passed", overdue).await?;
    come("2026-09-13T04:00:00Z", &[3, 0, -3]).await?;
    let default = |obligation: &Value| format!("/obligations/{}/default", text(obligation, "id"));
    let view = desk
        .post(&default(&obligations[0]), json!({ "reason": "拒不支付" }))
        .await?
        .expect(200)?;
    assert_eq!(view["default_ways"], json!(["suit", "payment_order"]));
    // A payment order is no more than asked for until the debtor's time to object is over.
    for (outcome, enforceable) in [("issued", false), ("in_force", true)] {
        decided(
            &desk,
            (case, agreement),
            "payment_order",
            outcome,
            enforceable,
        )
        .await?;
    }
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    assert_eq!(view["enforceable_by"], json!(["payment_order"]));
    let view = desk
        .post(&default(&obligations[1]), json!({ "reason": "拒不支付" }))
        .await?
        .expect(200)?;
    assert_eq!(view["default_ways"], json!(["enforcement_of_paper"]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn oral_agreements_have_a_register() -> Result<()> {
    let desk = support::start().await?;
    for expected in [
        "（2026）城关镇人民调解委员会人调口字第00001号",
        "（2026）城关镇人民调解委员会人调口字第00002号",
    ] {
        let (case, proceeding) = desk.in_session().await?;
        let mut oral = draft(case);
        oral["form"] = json!("oral");
        let made = desk
            .post(&format!("/proceedings/{proceeding}/agreement"), oral)
            .await?
            .expect(201)?;
        assert_eq!(text(&made, "oral_number"), expected);
    }
    desk.drafted().await?;
    let list = desk.get("/agreements?form=oral").await?;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    let stranger = desk
        .service
        .token()
        .roles(["applicant"])
        .subject("nobody")
        .sign()?;
    desk.service
        .get("/mediation/v1/agreements", &stranger)
        .await?
        .expect_problem(400, "invalid-query")?;
    Ok(())
}
