//! `GET /applications/{id}`.

use anyhow::Result;
use contracts::ids::{OrganisationId, TypedId as _};

use crate::support::{self, OTHER_COUNTY};

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_have_to_do_with_it_see_it() -> Result<()> {
    let applied = support::applied().await?;
    let (service, agreement, path) = (&applied.service, &applied.agreement, &applied.path);
    support::accounts(
        service,
        agreement,
        &[
            ("party", agreement.party_ids[1]),
            ("outside", support::id()),
        ],
    )
    .await?;
    let elsewhere = service.token().roles(["court_user"]).region(OTHER_COUNTY);
    for token in [
        service.role_in("mediator", support::id::<OrganisationId>()),
        elsewhere.organisation(applied.court.uuid()).sign()?,
        support::account(service, "stranger")?,
        // A party of the case whom the agreement does not bind.
        support::account(service, "outside")?,
    ] {
        service
            .get(path, &token)
            .await?
            .expect_problem(404, "not-found")?;
    }
    for token in [
        service.role_in("court_user", applied.court),
        support::mediator(service, agreement),
        support::account(service, "party")?,
        service.role("coordinator"),
    ] {
        let answer = service.get(path, &token).await?;
        assert_eq!(answer.version(), Some(1));
        answer.expect(200)?;
    }
    service
        .get(path, &service.role("evaluator"))
        .await?
        .expect_problem(403, "forbidden")?;
    let wrong = format!("{}/somewhere", support::APPLICATIONS);
    service
        .get(&wrong, &service.role("coordinator"))
        .await?
        .expect_problem(422, "invalid-id")?;
    Ok(())
}
