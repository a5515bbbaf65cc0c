//! Appointments with organisations.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    Service as From,
    events::{
        intake::{AppointmentAsked, AppointmentCancelled, AppointmentConfirmed, AppointmentEnded},
        mediation::OrganisationRegistered,
    },
    ids::OrganisationId,
};
use serde_json::{Value, json};

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_meets_an_organisation_at_a_time_of_its_own() -> Result<()> {
    let service = Service::start().await?;
    let office = organisation();
    let person = service
        .token()
        .roles(["applicant"])
        .subject("account-zhang")
        .sign()?;
    let mediator = service.role_in("mediator", office);
    let elsewhere = service.role_in("mediator", service.time.id::<OrganisationId>());
    let wish = |at: &str| json!({ "organisation_id": office, "starts_at": at, "topic": "咨询邻里纠纷调解" });
    let ask =
        async |token: &str, body: Value| service.post("/intake/v1/appointments", token, body).await;
    // 10:00 in China.
    let ten = "2026-09-03T02:00:00Z";
    ask(&person, wish(ten))
        .await?
        .expect_problem(422, "unknown-office")?;
    let registered = OrganisationRegistered {
        organisation_id: office,
        region: "620602".parse()?,
        kind: "township_pmc".to_owned(),
        name: "东大街人民调解委员会".to_owned(),
        routes: Vec::new(),
    };
    service
        .publish(From::Mediation, office, &registered)
        .await?;
    service.settle().await?;
    ask(&elsewhere, wish(ten))
        .await?
        .expect_problem(422, "unknown-office")?;
    for (at, why) in [
        ("2026-08-31T02:00:00Z", "past"),
        ("2026-09-03T03:30:00Z", "into the lunch break"),
        ("2026-09-05T02:00:00Z", "Saturday"),
        ("2026-11-03T02:00:00Z", "too far"),
    ] {
        let problem = ask(&person, wish(at)).await?;
        assert_eq!(
            problem.expect_problem(422, "slot-not-open")?["pointer"],
            "/starts_at",
            "{why}"
        );
    }
    let first = ask(&person, wish(ten)).await?.expect(201)?;
    assert_eq!(
        (&first["state"], &first["ends_at"]),
        (&json!("asked"), &json!("2026-09-03T03:00:00Z"))
    );
    let second = ask(&person, wish(ten)).await?.expect(201)?;
    ask(&person, wish(ten))
        .await?
        .expect_problem(409, "slot-full")?;
    // What is left is told to who may ask; the full hour is not among it.
    let free = async |token: &str, query: &str| {
        let path = format!("/intake/v1/appointments/free?organisation={office}{query}");
        service.get(&path, token).await
    };
    let day = "&from=2026-09-03&to=2026-09-03";
    let page = free(&person, day).await?.expect(200)?;
    let begins: Vec<_> = page["items"].as_array().into_iter().flatten().collect();
    assert!(
        begins
            .iter()
            .all(|slot| slot["starts_at"] != ten && slot.get("left").is_some())
    );
    let elevens = begins.iter().filter(|slot| slot["left"] == 2).count();
    assert!(elevens > 2, "{page}");
    free(&person, "&from=2026-09-04&to=2026-09-03")
        .await?
        .expect_problem(400, "invalid-query")?;
    free(&elsewhere, day)
        .await?
        .expect_problem(422, "unknown-office")?;
    free(&service.role("evaluator"), day)
        .await?
        .expect_problem(403, "forbidden")?;
    let command = async |view: &Value, command: &str, token: &str, body: Value| {
        let path = format!("/intake/v1/appointments/{}/{command}", text(view, "/id")?);
        service.post(&path, token, body).await
    };
    command(&first, "confirm", &elsewhere, json!({}))
        .await?
        .expect_problem(404, "not-found")?;
    command(&first, "confirm", &person, json!({}))
        .await?
        .expect_problem(403, "forbidden")?;
    command(&first, "end", &mediator, json!({ "came": true }))
        .await?
        .expect_problem(409, "appointment-not-begun")?;
    command(&first, "confirm", &mediator, json!({}))
        .await?
        .expect(200)?;
    command(&first, "confirm", &mediator, json!({}))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let cancelled = command(&second, "cancel", &person, json!({ "note": "临时有事" })).await?;
    assert_eq!(cancelled.expect(200)?["state"], "cancelled");
    // Its time is free again.
    let third = ask(&person, wish(ten)).await?;
    let late = third.expect(201)?;
    service.time.advance(Duration::days(3));
    for (token, step, body) in [
        (&mediator, "confirm", json!({})),
        (&person, "cancel", json!({ "note": "忘了" })),
    ] {
        command(&late, step, token, body)
            .await?
            .expect_problem(409, "appointment-over")?;
    }
    command(&second, "end", &mediator, json!({ "came": true }))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let ended = command(&first, "end", &mediator, json!({ "came": false })).await?;
    assert_eq!(ended.expect(200)?["state"], "no_show");
    // The organisation learned of each, and of what the person cancelled.
    let messages = service
        .get("/intake/v1/organisation-messages", &mediator)
        .await?
        .expect(200)?;
    let templates: Vec<_> = messages["items"].as_array().into_iter().flatten().collect();
    let cancelled = templates
        .iter()
        .filter(|told| told["template"] == "appointment_cancelled");
    assert_eq!((templates.len(), cancelled.count()), (4, 1), "{messages}");
    for (token, count) in [(&person, 3), (&mediator, 3), (&elsewhere, 0)] {
        let page = service
            .get("/intake/v1/appointments", token)
            .await?
            .expect(200)?;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(count));
    }
    assert_eq!(service.published::<AppointmentAsked>().await?.len(), 3);
    assert_eq!(service.published::<AppointmentConfirmed>().await?.len(), 1);
    assert_eq!(service.published::<AppointmentCancelled>().await?.len(), 1);
    assert!(!service.published::<AppointmentEnded>().await?[0].came);
    Ok(())
}
