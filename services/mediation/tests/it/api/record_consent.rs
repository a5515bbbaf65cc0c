//! `POST /proceedings/{id}/consents`.

use anyhow::Result;
use contracts::{
    events::mediation::{MediationConsented, MediationEnded, MediationOutcome, MediationRefused},
    ids::PartyId,
};
use serde_json::{Value, json};

use crate::support::{self, id, text};

fn answer(party: PartyId, consents: bool) -> Value {
    json!({ "party_id": party, "consents": consents, "way": "phone" })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_party_answers_for_itself_or_through_the_officer() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.opened().await?;
    let path = format!("/mediation/v1/proceedings/{proceeding}/consents");
    let own = desk
        .service
        .post(
            &path,
            &desk.account(case.applicant),
            answer(case.applicant, true),
        )
        .await?
        .expect(200)?;
    assert_eq!(own["parties"][0]["answer"]["way"], "phone");
    assert_eq!(
        own["parties"][0]["answer"]["rights_notice_version"],
        "2026-01"
    );
    assert_eq!(own["parties"][1]["answer"], Value::Null);
    let done = desk.consent(proceeding, case.respondent).await?;
    assert_eq!(
        (text(&done, "state"), &done["version"]),
        ("consent_pending", &json!(3))
    );
    let events = desk.service.published::<MediationConsented>().await?;
    assert_eq!(
        events
            .iter()
            .map(|event| event.party_id)
            .collect::<Vec<_>>(),
        [case.applicant, case.respondent]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_ends_it_with_the_notice_of_other_ways() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.opened_of("labour").await?;
    desk.consent(proceeding, case.applicant).await?;
    let body = answer(case.respondent, false);
    let ended = desk
        .post(&format!("/proceedings/{proceeding}/consents"), body)
        .await?
        .expect(200)?;
    assert_eq!(ended["state"], "refused");
    insta::assert_json_snapshot!(ended["ending"]);
    let notice = desk
        .get(&format!("/proceedings/{proceeding}/notice"))
        .await?;
    assert_eq!(notice, ended["ending"]["notice"]);
    let own = format!("/mediation/v1/proceedings/{proceeding}/notice");
    assert_eq!(
        desk.service
            .get(&own, &desk.account(case.respondent))
            .await?
            .expect(200)?,
        notice
    );

    assert_eq!(
        desk.service.published::<MediationRefused>().await?[0].party_id,
        case.respondent
    );
    let event = desk
        .service
        .published::<MediationEnded>()
        .await?
        .pop()
        .unwrap();
    assert_eq!(
        (event.outcome, event.end_code.as_str()),
        (MediationOutcome::Refused, "party_unwilling")
    );
    let routes: Vec<_> = notice["ways"]
        .as_array()
        .unwrap()
        .iter()
        .map(|way| text(way, "route"))
        .collect();
    assert_eq!(event.other_ways, routes);
    assert_eq!(routes.first(), Some(&"labour_arbitration"));
    let start = json!({ "mediator_ids": [desk.mediator] });
    desk.post(&format!("/proceedings/{proceeding}/start"), start)
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_may_change_its_mind_until_the_agreement_takes_effect() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement) = desk.drafted().await?;
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    let proceeding = text(&view, "proceeding_id");
    let path = format!("/mediation/v1/proceedings/{proceeding}/consents");
    let ended = desk
        .service
        .post(
            &path,
            &desk.account(case.applicant),
            answer(case.applicant, false),
        )
        .await?
        .expect(200)?;
    assert_eq!(ended["state"], "refused");
    assert_eq!(
        desk.get(&format!("/agreements/{agreement}")).await?["state"],
        "lapsed"
    );
    let signature = support::signatures(case).remove(0);
    desk.post(&format!("/agreements/{agreement}/signatures"), signature)
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_count_as_consent() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.opened().await?;
    desk.consent(proceeding, case.applicant).await?;
    let path = format!("/proceedings/{proceeding}/consents");
    let mut other_way = answer(case.respondent, true);
    other_way["way"] = json!("telepathy");
    desk.all_refused(
        &path,
        vec![
            (
                answer(case.applicant, true),
                409,
                "consent-already-given",
                json!("/party_id"),
            ),
            (answer(id(), true), 422, "unknown-party", json!("/party_id")),
            (
                answer(id(), false),
                422,
                "unknown-party",
                json!("/party_id"),
            ),
            (other_way, 422, "invalid-body", json!("/way")),
            (
                json!({ "party_id": case.respondent, "way": "phone" }),
                422,
                "invalid-body",
                json!("/consents"),
            ),
        ],
    )
    .await?;
    let full = format!("/mediation/v1{path}");
    let before = desk.stored().await?;
    // The other side cannot consent for somebody.
    let applicant = desk.account(case.applicant);
    desk.service
        .post(&full, &applicant, answer(case.respondent, true))
        .await?
        .expect_problem(403, "forbidden")?;
    for token in desk.strangers() {
        desk.service
            .post(&full, &token, answer(case.respondent, true))
            .await?
            .expect_problem(404, "not-found")?;
    }
    let stale = desk
        .service
        .post_with(
            &full,
            &desk.officer(),
            answer(case.respondent, true),
            &[("If-Match", "\"1\"")],
        )
        .await?;
    stale.expect_problem(412, "stale-version")?;
    assert_eq!(desk.stored().await?, before);
    let fresh = desk
        .service
        .post_with(
            &full,
            &desk.officer(),
            answer(case.respondent, true),
            &[("If-Match", "\"2\"")],
        )
        .await?;
    fresh.expect(200)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_at_the_same_time_are_both_kept() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.opened().await?;
    let (first, second) = tokio::join!(
        desk.consent(proceeding, case.applicant),
        desk.consent(proceeding, case.respondent)
    );
    let mut versions = [first?["version"].clone(), second?["version"].clone()];
    versions.sort_by_key(Value::to_string);
    assert_eq!(versions, [json!(2), json!(3)]);
    desk.post(
        &format!("/proceedings/{proceeding}/start"),
        json!({ "mediator_ids": [desk.mediator] }),
    )
    .await?
    .expect(200)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_holds_the_guard() -> Result<()> {
    let desk = support::start().await?;
    let (case, _) = desk.opened().await?;
    let (_, half) = desk.opened().await?;
    desk.consent(
        half,
        desk.get(&format!("/proceedings/{half}")).await?["parties"][0]["party_id"]
            .as_str()
            .unwrap()
            .parse()?,
    )
    .await?;
    let mut conn = desk.service.db()?.read().await?;
    let force = format!(
        "UPDATE proceedings SET state = 'mediating', mediator_ids = ARRAY['{}'::uuid]",
        desk.mediator
    );
    for proceeding in [format!("case_id = '{}'", case.id), format!("id = '{half}'")] {
        let sql = format!("{force} WHERE {proceeding}");
        let error = diesel_async::RunQueryDsl::execute(diesel::sql_query(sql), &mut conn)
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains("all_parties_consented"),
            "{error}"
        );
    }
    Ok(())
}
