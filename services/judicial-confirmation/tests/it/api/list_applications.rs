//! `GET /applications`.

use anyhow::Result;
use contracts::ids::{CaseId, OrganisationId};
use serde_json::{Value, json};

use crate::support::{self, APPLICATIONS};

fn ids(page: &Value) -> Vec<Value> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["id"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_list() -> Result<()> {
    let (service, _) = support::start().await?;
    let page = service
        .get(APPLICATIONS, &service.role("coordinator"))
        .await?
        .expect(200)?;
    assert_eq!(page, json!({ "items": [], "next_cursor": null }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_the_newest_first_and_filters() -> Result<()> {
    let (service, first) = support::start().await?;
    let (court, mut made, mut last) = (support::court(), Vec::new(), first);
    for _ in 0..3 {
        let mut agreement = support::effective(service.time.now());
        agreement.organisation_id = last.organisation_id;
        support::publish(&service, &agreement).await?;
        let token = support::mediator(&service, &agreement);
        let view = service
            .post(APPLICATIONS, &token, support::body(&agreement))
            .await?
            .expect(201)?;
        made.insert(0, view["id"].clone());
        last = agreement;
    }
    let token = service.role_in("court_user", court);
    let page = service
        .get(&format!("{APPLICATIONS}?limit=2"), &token)
        .await?
        .expect(200)?;
    assert_eq!(ids(&page), made[..2]);
    let cursor = page["next_cursor"].as_str().unwrap();
    let path = format!("{APPLICATIONS}?limit=2&cursor={cursor}");
    let page = service.get(&path, &token).await?.expect(200)?;
    assert_eq!(ids(&page), made[2..]);
    assert!(page["next_cursor"].is_null());

    let join = format!("{APPLICATIONS}/{}/join", made[0].as_str().unwrap());
    let body = json!({ "party_id": last.party_ids[1] });
    service
        .post(&join, &support::mediator(&service, &last), body)
        .await?
        .expect(200)?;
    for (filter, expected) in [
        ("state=joint_submitted".to_owned(), &made[..1]),
        ("state=await_other_party".to_owned(), &made[1..]),
        (format!("agreement_id={}", last.agreement_id), &made[..1]),
        (format!("case_id={}", last.case_id), &made[..1]),
        (format!("case_id={}", support::id::<CaseId>()), &[]),
    ] {
        let page = service
            .get(&format!("{APPLICATIONS}?{filter}"), &token)
            .await?
            .expect(200)?;
        assert_eq!(ids(&page), expected, "{filter}");
    }
    let other = service.role_in("court_user", support::id::<OrganisationId>());
    let page = service.get(APPLICATIONS, &other).await?.expect(200)?;
    assert!(ids(&page).is_empty());
    for wrong in ["state=lost", "limit=0", "colour=red"] {
        let answer = service
            .get(&format!("{APPLICATIONS}?{wrong}"), &token)
            .await?;
        answer.expect_problem(400, "invalid-query")?;
    }
    let answer = service
        .get(&format!("{APPLICATIONS}?cursor=%21"), &token)
        .await?;
    answer.expect_problem(400, "invalid-cursor")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_applicant_names_its_own_case() -> Result<()> {
    let applied = support::applied().await?;
    let (service, agreement) = (&applied.service, &applied.agreement);
    support::accounts(service, agreement, &[("party", agreement.party_ids[1])]).await?;
    let party = support::account(service, "party")?;
    let problem = service
        .get(APPLICATIONS, &party)
        .await?
        .expect_problem(400, "invalid-query")?;
    assert_eq!(problem["pointer"], "/case_id");
    let own = format!("{APPLICATIONS}?case_id={}", agreement.case_id);
    let page = service.get(&own, &party).await?.expect(200)?;
    assert_eq!(ids(&page).len(), 1);
    let stranger = support::account(service, "stranger")?;
    service
        .get(&own, &stranger)
        .await?
        .expect_problem(404, "not-found")?;
    Ok(())
}
