//! `GET /agreements/{id}`.

use anyhow::Result;
use chrono::{DateTime, Utc};
use contracts::ids::{AgreementId, OrganisationId, TypedId as _};

use crate::support::{self, OTHER_COUNTY};

fn path(id: AgreementId) -> String {
    format!("/judicial-confirmation/v1/agreements/{id}")
}

/// 民事诉讼法 205, 85: thirty days end on 2026-10-01, a holiday; the first working day after it is 2026-10-08.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_day_rolls_over_the_holidays() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let token = support::mediator(&service, &agreement);
    let view = service
        .get(&path(agreement.agreement_id), &token)
        .await?
        .expect(200)?;
    assert_eq!(view["last_day"], "2026-10-08");
    assert_eq!(view["open"], true);
    insta::assert_json_snapshot!(view, {
        ".agreement_id" => "[id]", ".case_id" => "[id]", ".organisation_id" => "[id]", ".party_ids.*" => "[id]",
    });
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_window_and_an_excluded_matter_show() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let mut excluded = support::effective(service.time.now());
    excluded.organisation_id = agreement.organisation_id;
    excluded.type_code = "marriage_family.status".to_owned();
    support::publish(&service, &excluded).await?;
    let token = support::mediator(&service, &agreement);

    let view = service
        .get(&path(excluded.agreement_id), &token)
        .await?
        .expect(200)?;
    assert_eq!(view["open"], false);
    assert_eq!(view["exclusion"]["code"], "status_relation");
    assert_eq!(view["exclusion"]["law"], "民诉法解释 355 (3)");

    service.time.set(support::CLOSED.parse::<DateTime<Utc>>()?);
    let view = service
        .get(&path(agreement.agreement_id), &token)
        .await?
        .expect(200)?;
    assert_eq!(view["open"], false);
    assert!(view["exclusion"].is_null());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_have_to_do_with_it_see_it() -> Result<()> {
    let (service, agreement) = support::start().await?;
    support::accounts(&service, &agreement, &[("party", agreement.party_ids[0])]).await?;
    let path = path(agreement.agreement_id);
    let elsewhere = service.token().roles(["mediator"]).region(OTHER_COUNTY);
    let elsewhere = elsewhere
        .organisation(agreement.organisation_id.uuid())
        .sign()?;
    for token in [
        service.role_in("mediator", support::id::<OrganisationId>()),
        elsewhere,
        support::account(&service, "stranger")?,
    ] {
        service
            .get(&path, &token)
            .await?
            .expect_problem(404, "not-found")?;
    }
    service
        .get(&path, &support::account(&service, "party")?)
        .await?
        .expect(200)?;
    service
        .get(&path, &service.role("coordinator"))
        .await?
        .expect(200)?;
    service
        .get(&path, &service.role("leader"))
        .await?
        .expect_problem(403, "forbidden")?;
    Ok(())
}
