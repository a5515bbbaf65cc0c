//! `POST /proceedings/{id}/mediator-choice`, `/mediator-acceptance`, `/mediator-change`, `/participants`.

use anyhow::Result;
use contracts::{
    events::mediation::{ChosenBy, MediatorsChosen, MediatorsReplaced},
    ids::ProceedingId,
};
use serde_json::{Value, json};

use crate::support::{self, Case, Desk, text};

/// A proceeding both parties consented to.
async fn consented(desk: &Desk) -> Result<(Case, ProceedingId)> {
    let (case, proceeding) = desk.opened().await?;
    desk.consent(proceeding, case.applicant).await?;
    desk.consent(proceeding, case.respondent).await?;
    Ok((case, proceeding))
}

async fn second_mediator(desk: &Desk) -> Result<Value> {
    let path = format!(
        "/mediation/v1/organisations/{}/mediators",
        desk.organisation
    );
    let body = json!({ "name": "王调解", "class": "part_time" });
    let made = desk
        .service
        .post(&path, &desk.service.role("administrator"), body)
        .await?
        .expect(201)?;
    Ok(made["id"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parties_choose_together_and_the_mediator_accepts() -> Result<()> {
    let desk = support::start().await?;
    let other = second_mediator(&desk).await?;
    let (case, proceeding) = consented(&desk).await?;
    let path = format!("/proceedings/{proceeding}/mediator-choice");
    let own = json!(desk.mediator);
    let choose =
        |party: Value, mediator: &Value| json!({ "party_id": party, "mediator_ids": [mediator] });
    let stranger = json!(support::id::<contracts::ids::PartyId>());
    desk.all_refused(
        &path,
        vec![
            (
                json!({ "mediator_ids": [own] }),
                409,
                "choice-pending",
                json!(null),
            ),
            (
                choose(stranger, &own),
                422,
                "unknown-party",
                json!("/party_id"),
            ),
            (
                choose(json!(case.applicant), &json!(case.id)),
                422,
                "unknown-mediator",
                json!("/mediator_ids/0"),
            ),
            (
                json!({ "party_id": case.applicant, "mediator_ids": [] }),
                422,
                "invalid-body",
                json!("/mediator_ids"),
            ),
        ],
    )
    .await?;
    desk.post(&path, choose(json!(case.applicant), &own))
        .await?
        .expect(200)?;
    let start = format!("/proceedings/{proceeding}/start");
    desk.post(&start, json!({}))
        .await?
        .expect_problem(409, "choice-pending")?;
    // An applicant acts for themselves only.
    let account = desk.account(case.respondent);
    let full = format!("/mediation/v1{path}");
    desk.service
        .post(&full, &account, choose(json!(case.applicant), &other))
        .await?
        .expect_problem(403, "forbidden")?;
    desk.service
        .post(&full, &account, json!({ "mediator_ids": [other] }))
        .await?
        .expect(200)?;
    assert!(
        desk.service
            .published::<MediatorsChosen>()
            .await?
            .is_empty()
    );
    let view = desk
        .service
        .post(&full, &account, json!({ "mediator_ids": [own] }))
        .await?
        .expect(200)?;
    assert_eq!(view["choice"]["chosen"]["by"], "parties");
    assert_eq!(
        desk.service.published::<MediatorsChosen>().await?[0].by,
        ChosenBy::Parties
    );
    desk.post(&start, json!({}))
        .await?
        .expect_problem(409, "mediator-not-accepted")?;

    // The mediator discloses an interest: the parties must choose again, knowing it.
    let answer = format!("/proceedings/{proceeding}/mediator-acceptance");
    desk.all_refused(
        &answer,
        vec![
            (
                json!({ "mediator_id": other, "accepts": true }),
                422,
                "unknown-mediator",
                json!("/mediator_id"),
            ),
            (
                json!({ "mediator_id": own, "accepts": false }),
                422,
                "text-required",
                json!("/reason"),
            ),
        ],
    )
    .await?;
    desk.post(
        &answer,
        json!({ "mediator_id": own, "accepts": true, "interest": "与被申请人同村" }),
    )
    .await?
    .expect(200)?;
    desk.post(&start, json!({}))
        .await?
        .expect_problem(422, "mediator-conflict")?;
    for party in [case.applicant, case.respondent] {
        let knowing = json!({ "party_id": party, "mediator_ids": [own] });
        desk.post(&path, knowing.clone())
            .await?
            .expect_problem(422, "mediator-conflict")?;
        let mut accepting = knowing;
        accepting["accepts_interests"] = json!(true);
        desk.post(&path, accepting).await?.expect(200)?;
    }
    desk.post(&start, json!({ "mediator_ids": [other] }))
        .await?
        .expect_problem(409, "mediator-not-accepted")?;
    let view = desk.post(&start, json!({})).await?.expect(200)?;
    assert_eq!(text(&view["disclosures"][0], "interest"), "与被申请人同村");

    // Another mediator takes over with every party's acceptance.
    let change = format!("/proceedings/{proceeding}/mediator-change");
    let body = |reason: &str, by: Value| json!({ "mediator_ids": [other], "reason": reason, "accepted_by": by });
    let both = json!([case.applicant, case.respondent]);
    desk.all_refused(
        &change,
        vec![
            (
                body("unable", json!([case.applicant])),
                409,
                "mediator-not-accepted",
                json!("/accepted_by"),
            ),
            (
                body("boredom", both.clone()),
                422,
                "invalid-body",
                json!("/reason"),
            ),
        ],
    )
    .await?;
    let view = desk
        .post(&change, body("unable", both.clone()))
        .await?
        .expect(200)?;
    assert_eq!(view["mediator_ids"], json!([other]));
    assert_eq!(view["replacements"][0]["before"], json!([own]));
    assert_eq!(
        desk.service.published::<MediatorsReplaced>().await?.len(),
        1
    );

    // Somebody is invited with every party's consent.
    let invite = format!("/proceedings/{proceeding}/participants");
    let person =
        |role: &str, by: Value| json!({ "name": "张大爷", "role": role, "consented_by": by });
    desk.all_refused(
        &invite,
        vec![
            (
                person("respected", json!([case.respondent])),
                409,
                "consent-missing",
                json!("/consented_by"),
            ),
            (
                person("emperor", both.clone()),
                422,
                "invalid-body",
                json!("/role"),
            ),
        ],
    )
    .await?;
    let view = desk
        .post(&invite, person("respected", both))
        .await?
        .expect(200)?;
    assert_eq!(view["participants"][0]["role"], "respected");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_common_choice_the_organisation_appoints() -> Result<()> {
    let desk = support::start().await?;
    let other = second_mediator(&desk).await?;
    let (_, proceeding) = consented(&desk).await?;
    let path = format!("/proceedings/{proceeding}/mediator-choice");
    let appointable = async || {
        let view = desk.get(&format!("/proceedings/{proceeding}")).await?;
        Ok(view["choice"]["appointable"] == true && view["choice"]["chosen"].is_null())
    };
    // Two working days from Tuesday, 1 September.
    desk.service.time.set("2026-09-03T16:00:00Z".parse()?);
    testkit::service::eventually("the parties' time is over", appointable).await?;
    desk.post(&path, json!({ "mediator_ids": [other] }))
        .await?
        .expect(200)?;
    // The appointed one does not answer within three working days.
    desk.service.time.set("2026-09-09T16:00:00Z".parse()?);
    testkit::service::eventually("the mediator's time is over", appointable).await?;
    desk.post(&path, json!({ "mediator_ids": [desk.mediator] }))
        .await?
        .expect(200)?;
    let answer = json!({ "mediator_id": desk.mediator, "accepts": true });
    desk.post(
        &format!("/proceedings/{proceeding}/mediator-acceptance"),
        answer,
    )
    .await?
    .expect(200)?;
    let by: Vec<_> = desk
        .service
        .published::<MediatorsChosen>()
        .await?
        .iter()
        .map(|event| event.by)
        .collect();
    assert_eq!(by, [ChosenBy::Organisation, ChosenBy::Organisation]);
    desk.post(&format!("/proceedings/{proceeding}/start"), json!({}))
        .await?
        .expect(200)?;
    Ok(())
}
