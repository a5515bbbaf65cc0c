//! `POST /applications`.

use anyhow::Result;
use chrono::{DateTime, Duration, Utc};
use contracts::{
    events::judicial_confirmation::ConfirmationApplied,
    ids::{AgreementId, OrganisationId, PartyId},
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{self, APPLICATIONS, CLOSED, Confirming};

async fn assert_nothing_stored(service: &Confirming) -> Result<()> {
    assert_eq!(service.count("applications").await?, 0);
    assert!(service.events().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_applies_and_the_other_is_awaited() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let token = support::mediator(&service, &agreement);
    let body = support::body(&agreement);
    let answer = service.post(APPLICATIONS, &token, body).await?;
    assert_eq!(answer.version(), Some(1));
    let location = answer.headers["location"].to_str()?.to_owned();
    let view = answer.expect(201)?;
    assert_eq!(view["waiting_for"], json!([agreement.party_ids[1]]));
    insta::assert_json_snapshot!(view, {
        ".id" => "[id]", ".agreement_id" => "[id]", ".case_id" => "[id]", ".organisation_id" => "[id]",
        ".court" => "[id]", ".applicants.*.party_id" => "[id]", ".waiting_for.*" => "[id]",
    });
    assert_eq!(service.get(&location, &token).await?.expect(200)?, view);

    let events = service.published::<ConfirmationApplied>().await?;
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(json!(event.application_id), view["id"]);
    assert_eq!(event.party_id, agreement.party_ids[0]);
    assert_eq!(json!(event.last_day), "2026-10-08");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_applies_for_its_own_party_only() -> Result<()> {
    let (service, agreement) = support::start().await?;
    support::accounts(&service, &agreement, &[("party", agreement.party_ids[1])]).await?;
    let mut body = support::body(&agreement);

    let stranger = support::account(&service, "stranger")?;
    let answer = service.post(APPLICATIONS, &stranger, body.clone()).await?;
    answer.expect_problem(409, "agreement-not-effective")?;
    let party = support::account(&service, "party")?;
    let answer = service.post(APPLICATIONS, &party, body.clone()).await?;
    assert_eq!(
        answer.expect_problem(422, "invalid-body")?["pointer"],
        "/party_id"
    );
    assert_nothing_stored(&service).await?;

    body["party_id"] = Value::Null;
    let view = service
        .post(APPLICATIONS, &party, body)
        .await?
        .expect(201)?;
    assert_eq!(
        view["applicants"][0]["party_id"],
        json!(agreement.party_ids[1])
    );
    Ok(())
}

/// The window closes with the end of 2026-10-08 in China: the last instant is in time, the next is not.
#[tokio::test(flavor = "multi_thread")]
async fn the_day_after_the_last_day_is_too_late() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let token = support::mediator(&service, &agreement);
    let closed: DateTime<Utc> = CLOSED.parse()?;
    let body = support::body(&agreement);

    service.time.set(closed);
    let answer = service.post(APPLICATIONS, &token, body.clone()).await?;
    let problem = answer.expect_problem(422, "application-window-closed")?;
    assert!(
        problem["detail_zh"]
            .as_str()
            .unwrap()
            .contains("2026-10-08"),
        "{problem}"
    );
    assert_eq!(service.count("applications").await?, 0);

    service.time.set(closed - Duration::microseconds(1));
    service
        .post(APPLICATIONS, &token, body)
        .await?
        .expect(201)?;
    Ok(())
}

#[rstest]
#[case::by_type("marriage_family.status", None, "民诉法解释 355 (3)")]
#[case::by_content("contract.debt", Some("real_right_title"), "民诉法解释 355 (5)")]
#[tokio::test(flavor = "multi_thread")]
async fn an_excluded_matter_is_refused_with_its_article(
    #[case] type_code: &str,
    #[case] content: Option<&str>,
    #[case] law: &str,
) -> Result<()> {
    let (service, agreement) = support::start_with(|agreement| {
        agreement.type_code = type_code.to_owned();
        agreement.content_codes = content.map(str::to_owned).into_iter().collect();
    })
    .await?;
    let token = support::mediator(&service, &agreement);
    let body = support::body(&agreement);
    let answer = service.post(APPLICATIONS, &token, body).await?;
    let problem = answer.expect_problem(422, "excluded-matter")?;
    for detail in ["detail_zh", "detail_en"] {
        assert!(problem[detail].as_str().unwrap().contains(law), "{problem}");
    }
    assert_nothing_stored(&service).await?;
    assert!(
        support::clock_states(&service, "confirmation.apply")
            .await?
            .is_empty()
    );
    Ok(())
}

#[rstest]
#[case::agreement("agreement_id", json!(support::id::<AgreementId>()), 409, "agreement-not-effective", "/agreement_id")]
#[case::no_party("party_id", Value::Null, 422, "invalid-body", "/party_id")]
#[case::stranger("party_id", json!(support::id::<PartyId>()), 422, "not-a-party", "/party_id")]
#[case::court("court", json!("6206"), 422, "invalid-body", "/court")]
#[case::basis("court_basis", json!("somewhere"), 422, "unknown-court", "/court_basis")]
#[case::material("materials", json!(["agreement", "poem"]), 422, "invalid-body", "/materials/1")]
#[case::materials("materials", json!(["agreement", "identity"]), 422, "materials-missing", "/materials")]
#[case::unknown("hurry", json!(true), 422, "invalid-body", "/hurry")]
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_application_is_refused(
    #[case] field: &str,
    #[case] value: Value,
    #[case] status: u16,
    #[case] code: &str,
    #[case] pointer: &str,
) -> Result<()> {
    let (service, agreement) = support::start().await?;
    let token = support::mediator(&service, &agreement);
    let mut body = support::body(&agreement);
    body[field] = value;
    let problem = service
        .post(APPLICATIONS, &token, body)
        .await?
        .expect_problem(status, code)?;
    assert_eq!(problem["pointer"], pointer);
    if code == "materials-missing" {
        let missing: Vec<_> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| &e["code"])
            .collect();
        assert_eq!(missing, ["organisation_proof", "contact"]);
    }
    assert_nothing_stored(&service).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_has_one_application() -> Result<()> {
    let applied = support::applied().await?;
    let token = support::mediator(&applied.service, &applied.agreement);
    let again = support::body(&applied.agreement);
    let answer = applied.service.post(APPLICATIONS, &token, again).await?;
    answer.expect_problem(409, "already-applied")?;
    assert_eq!(applied.service.count("applications").await?, 1);
    assert_eq!(
        applied
            .service
            .published::<ConfirmationApplied>()
            .await?
            .len(),
        1
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organisation_finds_no_agreement() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let other = service.role_in("mediator", support::id::<OrganisationId>());
    let body = support::body(&agreement);
    let answer = service.post(APPLICATIONS, &other, body).await?;
    answer.expect_problem(409, "agreement-not-effective")?;
    assert_nothing_stored(&service).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_key_gives_the_first_answer() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let token = support::mediator(&service, &agreement);
    let key = [("Idempotency-Key", "apply-1")];
    let body = support::body(&agreement);
    let first = service
        .post_with(APPLICATIONS, &token, body.clone(), &key)
        .await?;
    let again = service.post_with(APPLICATIONS, &token, body, &key).await?;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.headers["location"], first.headers["location"]);
    assert_eq!(again.expect(201)?, first.expect(201)?);

    let mut other = support::body(&agreement);
    other["prepare"] = json!(true);
    let answer = service.post_with(APPLICATIONS, &token, other, &key).await?;
    answer.expect_problem(422, "idempotency-key-reused")?;
    assert_eq!(service.count("applications").await?, 1);
    assert_eq!(service.published::<ConfirmationApplied>().await?.len(), 1);
    Ok(())
}
