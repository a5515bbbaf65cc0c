//! `POST /organisations/{id}/change`, `/mediators/{id}/…`, `GET /mediators`.

use anyhow::Result;
use contracts::events::mediation::{MediatorChanged, MediatorStanding, OrganisationChanged};
use serde_json::json;

use crate::support::{self, COUNTY, OTHER_COUNTY, id, text};

#[tokio::test(flavor = "multi_thread")]
async fn an_organisations_entry_changes_within_the_rules_of_its_kind() -> Result<()> {
    let desk = support::start().await?;
    let administrator = desk.service.role("administrator");
    let path = format!("/mediation/v1/organisations/{}/change", desk.organisation);
    let before = desk.stored().await?;
    let member = |name: &str, sex: &str| json!({ "name": name, "sex": sex });
    for (body, code, pointer) in [
        (
            json!({ "charges_fee": true, "tariff": "每件一百元" }),
            "fee-not-allowed",
            "/charges_fee",
        ),
        (
            json!({ "director": "外人" }),
            "organisation-invalid",
            "/director",
        ),
        (
            json!({ "members": [member("赵主任", "male"), member("孙", "male"), member("李", "male")] }),
            "organisation-invalid",
            "/members",
        ),
        (
            json!({ "members": [member("赵主任", "male"), member("钱", "female")] }),
            "organisation-invalid",
            "/members",
        ),
        (
            json!({ "routes": ["litigation"] }),
            "organisation-invalid",
            "/routes/0",
        ),
        (json!({ "name": "" }), "text-required", "/name"),
    ] {
        let problem = desk
            .service
            .post(&path, &administrator, body.clone())
            .await?
            .expect_problem(422, code)?;
        assert_eq!(problem["pointer"], pointer, "{body}");
    }
    let elsewhere = desk
        .service
        .token()
        .roles(["administrator"])
        .region(OTHER_COUNTY)
        .sign()?;
    desk.service
        .post(&path, &elsewhere, json!({ "name": "新名" }))
        .await?
        .expect_problem(404, "not-found")?;
    assert_eq!(desk.stored().await?, before);

    let members = json!([
        member("周主任", "female"),
        member("吴", "male"),
        member("郑", "male"),
        member("王", "female")
    ]);
    let body = json!({ "director": "周主任", "members": members, "new_term": true });
    let changed = desk.service.post(&path, &administrator, body).await?;
    assert_eq!(changed.version(), Some(2));
    let view = changed.expect(200)?;
    assert_eq!(
        (
            text(&view, "director"),
            &view["members"],
            text(&view, "term_ends_on")
        ),
        ("周主任", &json!(4), "2029-09-01")
    );
    let events = desk.service.published::<OrganisationChanged>().await?;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].organisation_id, desk.organisation);

    let commercial = json!({ "region": COUNTY, "kind": "commercial_organisation", "name": "商事调解中心",
        "routes": ["professional_mediation"], "director": "钱", "charges_fee": true });
    desk.service
        .post(
            "/mediation/v1/organisations",
            &administrator,
            commercial.clone(),
        )
        .await?
        .expect_problem(422, "text-required")?;
    let mut priced = commercial;
    priced["tariff"] = json!("按标的额的百分之一收取");
    let made = desk
        .service
        .post("/mediation/v1/organisations", &administrator, priced)
        .await?
        .expect(201)?;
    assert_eq!(made["charges_fee"], true);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mediators_entry_standing_and_workload() -> Result<()> {
    let desk = support::start().await?;
    let administrator = desk.service.role("administrator");
    let mediator = format!("/mediation/v1/mediators/{}", desk.mediator);
    let change = format!("{mediator}/change");
    let before = desk.stored().await?;
    for (body, pointer) in [
        (json!({ "level": "tenth" }), "/level"),
        (json!({ "background": "emperor" }), "/background"),
        (json!({ "class": "volunteer" }), "/class"),
        (json!({ "specialties": ["nonsense"] }), "/specialties/0"),
    ] {
        let problem = desk
            .service
            .post(&change, &administrator, body)
            .await?
            .expect_problem(422, "invalid-body")?;
        assert_eq!(problem["pointer"], pointer);
    }
    let future =
        json!({ "trainings": [{ "name": "岗前培训", "hours": 8, "completed_on": "2026-09-02" }] });
    desk.service
        .post(&change, &administrator, future)
        .await?
        .expect_problem(422, "invalid-date")?;
    assert_eq!(desk.stored().await?, before);
    let body = json!({ "class": "expert", "level": "first", "background": "lawyer", "specialties": ["neighbour"],
        "trainings": [{ "name": "岗前培训", "hours": 8, "completed_on": "2026-08-01" }] });
    let view = desk
        .service
        .post(&change, &administrator, body)
        .await?
        .expect(200)?;
    assert_eq!(
        (text(&view, "level"), &view["open_proceedings"]),
        ("first", &json!(0))
    );

    let (_, proceeding) = desk.started().await?;
    let found = desk
        .get("/mediators?specialty=neighbour&class=expert&standing=active")
        .await?;
    assert_eq!(
        (
            text(&found["items"][0], "id"),
            &found["items"][0]["open_proceedings"]
        ),
        (desk.mediator.to_string().as_str(), &json!(1))
    );
    assert_eq!(
        desk.get("/mediators?level=second").await?["items"],
        json!([])
    );

    // An interest the register holds must be disclosed, and the parties must accept it.
    let (case, waiting) = desk.opened().await?;
    desk.consent(waiting, case.applicant).await?;
    desk.consent(waiting, case.respondent).await?;
    let conflict = json!({ "case_id": case.id, "interest": "申请人的表弟" });
    desk.service
        .post(&format!("{mediator}/conflicts"), &administrator, conflict)
        .await?
        .expect(204)?;
    let start = format!("/proceedings/{waiting}/start");
    let plain = json!({ "mediator_ids": [desk.mediator] });
    desk.post(&start, plain.clone())
        .await?
        .expect_problem(422, "mediator-conflict")?;

    let standing = format!("{mediator}/standing");
    let stand = |to: &str| json!({ "standing": to, "reason": "投诉待查" });
    let suspended = desk
        .service
        .post(&standing, &administrator, stand("suspended"))
        .await?
        .expect(200)?;
    assert_eq!(
        (text(&suspended, "standing"), &suspended["open_proceedings"]),
        ("suspended", &json!(1))
    );
    desk.post(&start, plain)
        .await?
        .expect_problem(409, "mediator-not-active")?;
    for to in ["active", "retired"] {
        desk.service
            .post(&standing, &administrator, stand(to))
            .await?
            .expect(200)?;
    }
    desk.service
        .post(&standing, &administrator, stand("active"))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let standings: Vec<_> = desk
        .service
        .published::<MediatorChanged>()
        .await?
        .iter()
        .map(|event| event.standing)
        .collect();
    use MediatorStanding::{Active, Retired, Suspended};
    assert_eq!(standings, [Active, Suspended, Active, Retired]);
    desk.post(
        &format!("/proceedings/{proceeding}/end"),
        json!({ "end_code": "large_gap" }),
    )
    .await?
    .expect(200)?;
    let view = desk.get(&format!("/mediators/{}", desk.mediator)).await?;
    assert_eq!(view["open_proceedings"], 0);
    let nobody = format!(
        "/mediation/v1/mediators/{}",
        id::<contracts::ids::MediatorId>()
    );
    desk.service
        .get(&nobody, &administrator)
        .await?
        .expect_problem(404, "not-found")?;
    Ok(())
}
