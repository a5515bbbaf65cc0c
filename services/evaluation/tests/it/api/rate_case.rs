//! `POST /cases/{case_id}/rating`.

use anyhow::Result;
use contracts::{
    events::{evaluation::RatingGiven, triage::RiskColour},
    ids::PartyId,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{self, Known, OTHER_COUNTY};

async fn assert_unrated(known: &Known) -> Result<()> {
    assert_eq!(known.service.count("ratings").await?, 0);
    assert!(known.service.published::<RatingGiven>().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_rates_its_case_once() -> Result<()> {
    let known = support::performed().await?;
    known.accounts().await?;
    let (path, party) = (format!("{}/rating", known.path()), known.account("party")?);
    let body = json!({ "score": 5, "comment": " 很满意 " });
    let view = known
        .service
        .post(&path, &party, body.clone())
        .await?
        .expect(201)?;
    assert_eq!(view["party_id"], json!(known.parties[0]));
    insta::assert_json_snapshot!(view, { ".id" => "[id]", ".case_id" => "[id]", ".party_id" => "[id]" });
    let events = known.service.published::<RatingGiven>().await?;
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(event.score, 5);

    known
        .service
        .post(&path, &party, body)
        .await?
        .expect_problem(409, "already-rated")?;
    // Nor does an evaluator record a second one for it.
    let evaluator = known.service.role("evaluator");
    let body = json!({ "score": 1, "party_id": known.parties[0] });
    known
        .service
        .post(&path, &evaluator, body)
        .await?
        .expect_problem(409, "already-rated")?;
    assert_eq!(known.service.count("ratings").await?, 1);
    assert_eq!(known.service.published::<RatingGiven>().await?.len(), 1);
    Ok(())
}

#[rstest]
#[case::zero(json!({ "score": 0 }), "score-out-of-range", "/score")]
#[case::six(json!({ "score": 6 }), "score-out-of-range", "/score")]
#[case::negative(json!({ "score": -1 }), "invalid-body", "/score")]
#[case::huge(json!({ "score": 256 }), "invalid-body", "/score")]
#[case::half(json!({ "score": 4.5 }), "invalid-body", "/score")]
#[case::no_party(json!({ "score": 5, "party_id": null }), "invalid-body", "/party_id")]
#[case::stranger(json!({ "score": 5, "party_id": support::id::<PartyId>() }), "unknown-party", "/party_id")]
#[case::long(json!({ "score": 5, "comment": "好".repeat(1001) }), "text-too-long", "/comment")]
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_rating_is_refused(
    #[case] mut body: Value,
    #[case] code: &str,
    #[case] pointer: &str,
) -> Result<()> {
    let known = support::performed().await?;
    if body.get("party_id").is_none() {
        body["party_id"] = json!(known.parties[0]);
    }
    let path = format!("{}/rating", known.path());
    let answer = known
        .service
        .post(&path, &known.service.role("evaluator"), body)
        .await?;
    assert_eq!(answer.expect_problem(422, code)?["pointer"], pointer);
    assert_unrated(&known).await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_parties_rate_and_only_for_themselves() -> Result<()> {
    let known = support::performed().await?;
    known.accounts().await?;
    let (service, path) = (&known.service, format!("{}/rating", known.path()));
    let stranger = known.account("stranger")?;
    service
        .post(&path, &stranger, json!({ "score": 1 }))
        .await?
        .expect_problem(404, "not-found")?;
    let party = known.account("party")?;
    let for_other = json!({ "score": 1, "party_id": known.parties[1] });
    service
        .post(&path, &party, for_other.clone())
        .await?
        .expect_problem(422, "unknown-party")?;
    let elsewhere = service
        .token()
        .roles(["evaluator"])
        .region(OTHER_COUNTY)
        .sign()?;
    service
        .post(&path, &elsewhere, for_other.clone())
        .await?
        .expect_problem(404, "not-found")?;
    let mediator = service.role_in("mediator", support::id::<contracts::ids::OrganisationId>());
    service
        .post(&path, &mediator, for_other)
        .await?
        .expect_problem(403, "forbidden")?;
    assert_unrated(&known).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_case_is_not_rated() -> Result<()> {
    let known = support::open("contract.debt", RiskColour::Blue).await?;
    let path = format!("{}/rating", known.path());
    let body = json!({ "score": 5, "party_id": known.parties[0] });
    let answer = known
        .service
        .post(&path, &known.service.role("evaluator"), body)
        .await?;
    answer.expect_problem(409, "case-not-ended")?;
    assert_unrated(&known).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_key_gives_the_first_answer() -> Result<()> {
    let known = support::performed().await?;
    let (path, token) = (
        format!("{}/rating", known.path()),
        known.service.role("evaluator"),
    );
    let key = [("Idempotency-Key", "rate-1")];
    let body = json!({ "score": 5, "party_id": known.parties[0] });
    let first = known
        .service
        .post_with(&path, &token, body.clone(), &key)
        .await?
        .expect(201)?;
    let again = known.service.post_with(&path, &token, body, &key).await?;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.expect(201)?, first);
    let other = json!({ "score": 4, "party_id": known.parties[0] });
    let answer = known.service.post_with(&path, &token, other, &key).await?;
    answer.expect_problem(422, "idempotency-key-reused")?;
    assert_eq!(known.service.published::<RatingGiven>().await?.len(), 1);
    Ok(())
}
