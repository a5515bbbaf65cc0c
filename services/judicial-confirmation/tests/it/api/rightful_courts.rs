//! `GET /agreements/{id}/courts`, `POST /agreements/{id}/invitation`, and what follows for an application.

use anyhow::Result;
use contracts::events::mediation::OrganisationRegistered;
use serde_json::json;

use crate::support::{self, APPLICATIONS, COURT, OTHER_COUNTY, OTHER_COURT};

#[tokio::test(flavor = "multi_thread")]
async fn the_place_of_the_organisation_and_places_named_give_courts() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let registered = OrganisationRegistered {
        organisation_id: agreement.organisation_id,
        region: OTHER_COUNTY.parse()?,
        kind: "village".to_owned(),
        name: "民勤县人民调解委员会".to_owned(),
        routes: vec!["peoples_mediation".to_owned()],
    };
    let (from, id) = (contracts::Service::Mediation, agreement.organisation_id);
    service.publish(from, id, &registered).await?;
    service.settle().await?;

    let token = support::mediator(&service, &agreement);
    let path = format!(
        "/judicial-confirmation/v1/agreements/{}/courts",
        agreement.agreement_id
    );
    let courts = service.get(&path, &token).await?.expect(200)?;
    assert_eq!(courts.as_array().unwrap().len(), 1);
    assert_eq!(courts[0]["court"], OTHER_COURT);
    assert_eq!(courts[0]["court_basis"]["code"], "organisation_place");
    assert_eq!(courts[0]["law"], "民事诉讼法 205 (2)");
    let with_place = format!("{path}?place=620602101");
    let courts = service.get(&with_place, &token).await?.expect(200)?;
    let bases: Vec<_> = courts
        .as_array()
        .unwrap()
        .iter()
        .map(|c| {
            (
                c["court"].as_str().unwrap(),
                c["court_basis"]["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        bases,
        [
            (COURT, "domicile"),
            (COURT, "subject_place"),
            (OTHER_COURT, "organisation_place")
        ]
    );

    // The court of the agreement's county is not that of the organisation's place.
    let body = support::body(&agreement);
    let answer = service.post(APPLICATIONS, &token, body.clone()).await?;
    let problem = answer.expect_problem(422, "wrong-court")?;
    let told = problem["detail_zh"].as_str().unwrap();
    assert!(
        told.contains("205 (2)") && told.contains("民勤县人民法院"),
        "{told}"
    );
    assert_eq!(service.count("applications").await?, 0);
    let mut body = body;
    body["court_basis"] = json!("domicile");
    body["place"] = json!("620602");
    let view = service
        .post(APPLICATIONS, &token, body)
        .await?
        .expect(201)?;
    assert_eq!(view["court_place"], "620602");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_court_that_invited_the_organisation_has_it_alone() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let token = support::mediator(&service, &agreement);
    let path = format!(
        "/judicial-confirmation/v1/agreements/{}/invitation",
        agreement.agreement_id
    );
    let invited = |court: &str, day: &str| json!({ "court": court, "number": "(2026)甘0621委派1号", "invited_on": day });
    let unknown = support::id::<contracts::ids::OrganisationId>().to_string();
    service
        .post(&path, &token, invited(&unknown, "2026-08-01"))
        .await?
        .expect_problem(422, "unknown-court")?;
    service
        .post(&path, &token, invited(OTHER_COURT, "2026-09-02"))
        .await?
        .expect_problem(422, "invalid-date")?;
    let view = service
        .post(&path, &token, invited(OTHER_COURT, "2026-08-01"))
        .await?
        .expect(200)?;
    assert_eq!(view["inviting_court"], OTHER_COURT);

    let mut body = support::body(&agreement);
    let answer = service.post(APPLICATIONS, &token, body.clone()).await?;
    let problem = answer.expect_problem(422, "wrong-court")?;
    assert!(problem["detail_zh"].as_str().unwrap().contains("205 (1)"));
    body["court"] = json!(OTHER_COURT);
    body["court_basis"] = json!("inviting_court");
    service
        .post(APPLICATIONS, &token, body)
        .await?
        .expect(201)?;
    service
        .post(&path, &token, invited(COURT, "2026-08-01"))
        .await?
        .expect_problem(409, "already-applied")?;
    Ok(())
}
