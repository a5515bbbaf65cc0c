//! What is written down in a proceeding, and what leaves it: sessions, offers, undisputed facts, the file for a suit, reports.

use anyhow::Result;
use contracts::events::mediation::{
    FactsAgreed, MediationTransferred, PoliceReported, ShamCleared, ShamSuspected, SupportReferred,
};
use serde_json::json;

use crate::support::{self, session, text};

const OFFER: &str = "愿意只收两千元";

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_never_leaves_the_organisation_and_signed_facts_go_with_the_file() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.started().await?;
    let at = |segment: &str| format!("/proceedings/{proceeding}/{segment}");
    let mut video = session(case);
    video["place"] = json!("video");
    desk.all_refused(
        &at("sessions"),
        vec![(video.clone(), 422, "text-required", json!("/online_link"))],
    )
    .await?;
    video["online_link"] = json!("https://meet.example/room");
    let held = desk.post(&at("sessions"), video).await?.expect(201)?;
    let sign = |signer: &str, party: serde_json::Value| json!({ "session_id": held["id"], "signer": signer, "party_id": party, "form": "handwritten" });
    let unknown = json!({ "session_id": case.id, "signer": "mediator", "form": "handwritten" });
    desk.all_refused(
        &at("session-signatures"),
        vec![
            (
                sign("party", json!(case.order)),
                422,
                "unknown-party",
                json!("/party_id"),
            ),
            (unknown, 422, "invalid-body", json!("/session_id")),
        ],
    )
    .await?;
    desk.post(
        &at("session-signatures"),
        sign("party", json!(case.applicant)),
    )
    .await?
    .expect(200)?;
    desk.post(
        &at("session-signatures"),
        sign("party", json!(case.applicant)),
    )
    .await?
    .expect_problem(409, "signature-already-given")?;
    let signed = desk
        .post(&at("session-signatures"), sign("mediator", json!(null)))
        .await?
        .expect(200)?;
    assert_eq!(signed["signatures"].as_array().map(Vec::len), Some(2));

    let offer = json!({ "party_id": case.applicant, "content": OFFER });
    desk.post(&at("concessions"), offer).await?.expect(201)?;
    let facts = at("undisputed-facts");
    desk.post(&facts, json!({ "content": "漏水属实" }))
        .await?
        .expect(200)?;
    desk.post(&facts, json!({ "content": "漏水属实,损失三千元" }))
        .await?
        .expect(200)?;
    let account = desk.account(case.respondent);
    let path = format!("/mediation/v1{}", at("fact-signatures"));
    desk.service
        .post(&path, &account, json!({ "form": "electronic" }))
        .await?
        .expect(200)?;
    desk.post(&facts, json!({ "content": "改写" }))
        .await?
        .expect_problem(409, "signature-already-given")?;
    desk.post(&at("fact-signatures"), json!({ "form": "handwritten" }))
        .await?
        .expect_problem(422, "unknown-party")?;
    assert!(desk.service.published::<FactsAgreed>().await?.is_empty());
    let body = json!({ "party_id": case.applicant, "form": "fingerprint" });
    desk.post(&at("fact-signatures"), body).await?.expect(200)?;
    assert_eq!(desk.service.published::<FactsAgreed>().await?.len(), 1);

    let way = json!({ "way": "litigation", "evidence": [{ "party_id": case.applicant, "name": "照片", "reference": "卷12-3" }] });
    desk.all_refused(
        &at("other-way"),
        vec![(way.clone(), 409, "transition-not-allowed", json!(null))],
    )
    .await?;
    let full = |segment: &str| format!("/mediation/v1{}", at(segment));
    desk.service
        .get(&full("filing-file"), &desk.officer())
        .await?
        .expect_problem(404, "not-found")?;
    desk.post(&at("end"), json!({ "end_code": "large_gap" }))
        .await?
        .expect(200)?;
    assert_eq!(
        desk.service
            .count("clocks WHERE kind = 'other_route.transfer' AND state = 'running'")
            .await?,
        1
    );
    desk.all_refused(&at("other-way"), vec![
        (json!({ "way": "labour_arbitration" }), 422, "invalid-body", json!("/way")),
        (json!({ "way": "litigation", "evidence": [{ "party_id": case.order, "name": "照片", "reference": "1" }] }), 422, "unknown-party", json!("/evidence/0/party_id")),
    ]).await?;
    let view = desk
        .service
        .post(&full("other-way"), &account, way)
        .await?
        .expect(200)?;
    assert_eq!(text(&view, "state"), "other_route");
    assert!(
        text(&view["transfer"], "warning_zh").contains("三年"),
        "{view}"
    );
    assert_eq!(
        desk.service
            .count("clocks WHERE kind = 'other_route.transfer' AND state = 'running'")
            .await?,
        0
    );
    assert_eq!(
        desk.service.published::<MediationTransferred>().await?[0].way,
        "litigation"
    );
    let file = desk
        .service
        .get(&full("filing-file"), &account)
        .await?
        .expect(200)?;
    assert_eq!(
        text(&file["undisputed_facts"], "content"),
        "漏水属实,损失三千元"
    );
    assert_eq!(
        (
            &file["evidence"][0]["reference"],
            file["parties"].as_array().map(Vec::len)
        ),
        (&json!("卷12-3"), Some(2))
    );
    // Nobody else ever reads the offer: not in the file, not in the proceeding, not in any event.
    for (path, token) in [
        ("filing-file", &account),
        ("", &account),
        ("", &desk.service.role("coordinator")),
        ("notice", &account),
    ] {
        let read = desk
            .service
            .get(full(path).trim_end_matches('/'), token)
            .await?
            .expect(200)?;
        assert!(!read.to_string().contains(OFFER), "{path}: {read}");
    }
    assert_eq!(
        desk.service
            .count(&format!("outbox WHERE payload::text LIKE '%{OFFER}%'"))
            .await?,
        0
    );
    assert_eq!(
        desk.get(&at("concessions")).await?["items"][0]["content"],
        OFFER
    );
    for token in [&account, &desk.service.role("coordinator")] {
        desk.service
            .get(&full("concessions"), token)
            .await?
            .expect_problem(403, "forbidden")?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspected_sham_waits_until_it_is_cleared() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement) = desk.drafted().await?;
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    let proceeding = text(&view, "proceeding_id").to_owned();
    let at = |segment: &str| format!("/proceedings/{proceeding}/{segment}");
    let suspect = json!({ "ground": "collusion", "note": "双方陈述高度一致" });
    desk.all_refused(
        &at("suspect-sham"),
        vec![
            (
                json!({ "ground": "envy", "note": "x" }),
                422,
                "invalid-body",
                json!("/ground"),
            ),
            (
                json!({ "ground": "collusion", "note": "" }),
                422,
                "text-required",
                json!("/note"),
            ),
        ],
    )
    .await?;
    let view = desk
        .post(&at("suspect-sham"), suspect.clone())
        .await?
        .expect(200)?;
    assert_eq!(
        (text(&view, "state"), text(&view["pauses"][0], "reason")),
        ("paused", "sham_suspicion")
    );
    desk.post(&at("suspect-sham"), suspect)
        .await?
        .expect_problem(409, "sham-suspected")?;
    let event = desk
        .service
        .published::<ShamSuspected>()
        .await?
        .pop()
        .unwrap();
    assert_eq!(
        (event.agreement_id, event.case_id),
        (Some(agreement), case.id)
    );
    // The last signature cannot bring a suspected agreement into effect.
    let mut signatures = support::signatures(case);
    let seal = signatures.pop().unwrap();
    let path = format!("/agreements/{agreement}/signatures");
    for act in signatures {
        desk.post(&path, act).await?.expect(200)?;
    }
    desk.post(&path, seal.clone())
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let clear = format!("/mediation/v1{}", at("clear-sham"));
    let finding = json!({ "finding": "经核查确有借款" });
    desk.service
        .post(&clear, &desk.officer(), finding.clone())
        .await?
        .expect_problem(403, "forbidden")?;
    let coordinator = desk.service.role("coordinator");
    desk.service
        .post(&clear, &coordinator, finding.clone())
        .await?
        .expect(200)?;
    desk.service
        .post(&clear, &coordinator, finding)
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    assert_eq!(desk.service.published::<ShamCleared>().await?.len(), 1);

    let report = json!({ "ground": "escalation", "note": "扬言动手,已劝离" });
    desk.all_refused(
        &at("police-report"),
        vec![(
            json!({ "ground": "noise", "note": "x" }),
            422,
            "invalid-body",
            json!("/ground"),
        )],
    )
    .await?;
    desk.post(&at("police-report"), report).await?.expect(200)?;
    assert_eq!(
        desk.service.published::<PoliceReported>().await?[0].ground,
        "escalation"
    );
    let refer = |consents: bool| json!({ "party_id": case.respondent, "kind": "psychological", "consents": consents });
    desk.all_refused(
        &at("referrals"),
        vec![(refer(false), 409, "consent-missing", json!("/consents"))],
    )
    .await?;
    desk.post(&at("referrals"), refer(true))
        .await?
        .expect(200)?;
    assert_eq!(
        desk.service.published::<SupportReferred>().await?[0].kind,
        "psychological"
    );
    // The parties read nothing of it.
    let path = format!("/mediation/v1/proceedings/{proceeding}");
    let own = desk
        .service
        .get(&path, &desk.account(case.applicant))
        .await?
        .expect(200)?;
    assert_eq!(own["reports"], json!(null));
    let staff = desk.get(&format!("/proceedings/{proceeding}")).await?;
    assert_eq!(staff["reports"]["police"][0]["ground"], "escalation");
    Ok(())
}
