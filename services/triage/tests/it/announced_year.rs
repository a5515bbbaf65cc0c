//! A year that is announced moves the ends that triage keeps.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Result;
use chrono::TimeDelta;
use contracts::{Service, events::federation::PolicyAdopted};
use policy::HandedDown;
use serde_json::{Value, json};
use testkit::service::eventually;
use triage::Triage;

use crate::support::{self, COUNTY};

/// 2027 as the State Council might announce it: people work on the weekend after New Year's Day.
fn announced() -> PolicyAdopted {
    let year = r#"{"year": 2027, "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": true},
        {"name": "元旦", "date": "2027-01-02", "isOffDay": false},
        {"name": "元旦", "date": "2027-01-03", "isOffDay": false}]}"#;
    let file = "reference/calendar/2027.json".to_owned();
    let handed_down = HandedDown::new(BTreeMap::from([(file, year.to_owned())]));
    PolicyAdopted {
        by: "62".parse().unwrap(),
        version: handed_down.version,
        files: handed_down.files,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rested_on_a_year_that_was_not_announced_is_due_by_its_calendar() -> Result<()> {
    let service = testkit::TestService::<Triage>::start_with(|config| {
        config.policy.poll_interval = Duration::from_millis(100);
    })
    .await?;
    support::answer_narrative(&service, support::NARRATIVE).await?;
    // Thursday 2026-12-31, 10:00: the next working day is Monday, by what is known.
    service.time.advance(TimeDelta::days(121));
    let open = support::case(&service).await?;
    let (signing, _, host) = support::order(&service).await?;
    let (returning, order) = support::order_to(&service, host).await?;
    let officer = service.role_in("organisation_officer", host);
    let why = json!({ "reason": "not_competent", "explanation": "不属于本单位职权范围" });
    let path = format!("/triage/v1/orders/{order}/return");
    service.post(&path, &officer, why).await?.expect(200)?;
    let other = support::organisation_for(&service, COUNTY, "litigation").await?;
    let called = [host, other].map(|id| json!({ "organisation": id, "duty": "到场" }));
    let whistle = json!({ "purpose": "土地权属争议", "urgent": false, "departments": called });
    let path = format!("/triage/v1/cases/{signing}/consultations");
    let centre = service.role("triage_officer");
    let called = service.post(&path, &centre, whistle).await?.expect(201)?;
    let consultation = format!(
        "/triage/v1/consultations/{}",
        called["id"].as_str().unwrap()
    );

    let ends = async || -> Result<[Value; 4]> {
        let view = async |case| support::view(&service, case).await;
        let meeting = service.get(&consultation, &centre).await?.expect(200)?;
        Ok([
            view(open).await?["decide_due_at"].clone(),
            view(signing).await?["orders"][0]["sign_due_at"].clone(),
            view(returning).await?["returns"][0]["decide_due_at"].clone(),
            meeting["meet_due_at"].clone(),
        ])
    };
    let monday = "2027-01-04T16:00:00Z";
    assert_eq!(
        ends().await?,
        [monday, monday, monday, "2027-01-08T16:00:00Z"]
    );
    service
        .publish(Service::Federation, open, &announced())
        .await?;
    let saturday = "2027-01-02T16:00:00Z";
    eventually("all are due by the calendar", async || {
        Ok(ends().await? == [saturday, saturday, saturday, "2027-01-06T16:00:00Z"])
    })
    .await
}
