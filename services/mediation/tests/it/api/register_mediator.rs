//! `POST /organisations/{id}/mediators`, and reading them.

use anyhow::Result;
use contracts::{events::mediation::MediatorRegistered, ids::OrganisationId};
use serde_json::{Value, json};

use crate::support::{self, OTHER_COUNTY, id, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_mediator_is_registered_and_found() -> Result<()> {
    let desk = support::start().await?;
    let path = format!(
        "/mediation/v1/organisations/{}/mediators",
        desk.organisation
    );
    let administrator = desk.service.role("administrator");
    let body = json!({ "name": "王调解", "class": "part_time", "qualifications": [] });
    let answer = desk
        .service
        .post_with(
            &path,
            &administrator,
            body.clone(),
            &[("If-Match", "\"1\""), ("Idempotency-Key", "m-1")],
        )
        .await?;
    let made = answer.expect(201)?;
    let again = desk
        .service
        .post_with(
            &path,
            &administrator,
            body,
            &[("If-Match", "\"1\""), ("Idempotency-Key", "m-1")],
        )
        .await?;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.body, made);
    let list = desk
        .service
        .get(&path, &desk.account(id()))
        .await?
        .expect(200)?;
    let names: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| text(item, "name"))
        .collect();
    assert_eq!(names, ["李调解", "王调解"]);
    // The account is nobody's business.
    assert!(!list.to_string().contains("test-mediator"));
    let events = desk.service.published::<MediatorRegistered>().await?;
    assert_eq!(events.len(), 2);
    assert_eq!(events[1].mediator_id.to_string(), text(&made, "id"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_entries_are_refused() -> Result<()> {
    let desk = support::start().await?;
    let path = format!(
        "/mediation/v1/organisations/{}/mediators",
        desk.organisation
    );
    let administrator = desk.service.role("administrator");
    let before = desk.stored().await?;
    let entry = |name: &str, class: &str, qualifications: Value| json!({ "name": name, "class": class, "qualifications": qualifications });
    for (body, code, pointer) in [
        (entry("", "full_time", json!([])), "text-required", "/name"),
        (
            entry("王", "volunteer", json!([])),
            "invalid-body",
            "/class",
        ),
        (
            entry("王", "full_time", json!([""])),
            "text-required",
            "/qualifications/0",
        ),
        (
            entry("王", "full_time", json!(vec!["证"; 51])),
            "invalid-body",
            "/qualifications",
        ),
        (
            json!({ "name": "王", "class": "full_time", "fee": 1 }),
            "invalid-body",
            "/fee",
        ),
    ] {
        let problem = desk
            .service
            .post(&path, &administrator, body)
            .await?
            .expect_problem(422, code)?;
        assert_eq!(problem["pointer"], pointer);
    }
    let good = entry("王", "full_time", json!([]));
    let stale = desk
        .service
        .post_with(
            &path,
            &administrator,
            good.clone(),
            &[("If-Match", "\"7\"")],
        )
        .await?;
    stale.expect_problem(412, "stale-version")?;
    let elsewhere = desk
        .service
        .token()
        .roles(["administrator"])
        .region(OTHER_COUNTY)
        .sign()?;
    desk.service
        .post(&path, &elsewhere, good.clone())
        .await?
        .expect_problem(404, "not-found")?;
    desk.service
        .get(&path, &elsewhere)
        .await?
        .expect_problem(404, "not-found")?;
    let unknown = format!(
        "/mediation/v1/organisations/{}/mediators",
        id::<OrganisationId>()
    );
    desk.service
        .post(&unknown, &administrator, good.clone())
        .await?
        .expect_problem(404, "not-found")?;
    desk.service
        .post(&path, &desk.officer(), good)
        .await?
        .expect_problem(403, "forbidden")?;
    assert_eq!(desk.stored().await?, before);
    Ok(())
}
