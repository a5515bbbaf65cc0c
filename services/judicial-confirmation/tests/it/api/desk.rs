//! The court's desk, what follows a dismissal, enforcement.

use anyhow::Result;
use contracts::{
    Service,
    events::{
        judicial_confirmation::{
            ConfirmationCircular, ConfirmationEnforcementApplied, ConfirmationOptionsTold,
        },
        mediation::PerformanceDefaulted,
    },
    ids::ObligationId,
};
use serde_json::json;

use crate::support::{self, APPLICATIONS, OTHER_COURT, clock_states, ruling};

#[tokio::test(flavor = "multi_thread")]
async fn a_court_sees_the_agreements_of_its_applications_and_what_is_due() -> Result<()> {
    let applied = support::accepted().await?;
    let service = &applied.service;
    let mut other = support::effective(service.time.now());
    other.organisation_id = applied.agreement.organisation_id;
    support::publish(service, &other).await?;
    let court = service.role_in("court_user", applied.court);
    let elsewhere = service.role_in(
        "court_user",
        OTHER_COURT.parse::<contracts::ids::OrganisationId>()?,
    );
    let path = |id| format!("/judicial-confirmation/v1/agreements/{id}");
    let own = path(applied.agreement.agreement_id);
    service.get(&own, &court).await?.expect(200)?;
    service
        .get(&own, &elsewhere)
        .await?
        .expect_problem(404, "not-found")?;
    let not_applied = path(other.agreement_id);
    service
        .get(&not_applied, &court)
        .await?
        .expect_problem(404, "not-found")?;

    for (day, count) in [("2026-09-30", 0), ("2026-12-01", 1)] {
        let list = format!("{APPLICATIONS}?due_before={day}");
        let page = service.get(&list, &court).await?.expect(200)?;
        assert_eq!(page["items"].as_array().unwrap().len(), count, "{day}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dismissal_is_circulated_and_the_parties_are_told_what_remains() -> Result<()> {
    let applied = support::accepted().await?;
    let service = &applied.service;
    let early = applied.as_mediator("tell-options", json!({})).await?;
    early.expect_problem(409, "transition-not-allowed")?;
    let dismissal = ruling("dismissed", Some("unclear_content"));
    applied.as_court("rule", dismissal).await?.expect(200)?;
    assert_eq!(
        clock_states(service, "confirmation.tell_options").await?,
        ["running"]
    );
    applied
        .as_mediator("tell-options", json!({}))
        .await?
        .expect(200)?;
    assert_eq!(
        clock_states(service, "confirmation.tell_options").await?,
        ["stopped"]
    );
    let again = applied.as_mediator("tell-options", json!({})).await?;
    again.expect_problem(409, "transition-not-allowed")?;
    assert_eq!(
        service.published::<ConfirmationOptionsTold>().await?.len(),
        1
    );

    let nobody = json!({ "text": "给付期限不明", "recipients": [] });
    applied
        .as_court("circulate", nobody)
        .await?
        .expect_problem(422, "invalid-body")?;
    let circular =
        json!({ "text": "给付期限不明", "recipients": ["organisation", "justice_bureau"] });
    applied.as_court("circulate", circular).await?.expect(200)?;
    let events = service.published::<ConfirmationCircular>().await?;
    assert_eq!(events[0].organisation_id, applied.agreement.organisation_id);
    assert_eq!(events[0].reason.as_deref(), Some("unclear_content"));
    let organisation = support::mediator(service, &applied.agreement);
    let view = service
        .get(&applied.path, &organisation)
        .await?
        .expect(200)?;
    assert_eq!(view["course"]["circular"]["text"], "给付期限不明");
    let parties = &applied.agreement.party_ids;
    support::accounts(service, &applied.agreement, &[("party", parties[0])]).await?;
    let party = support::account(service, "party")?;
    let view = service.get(&applied.path, &party).await?.expect(200)?;
    assert!(view["course"]["circular"].is_null());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_performed_is_enforced_once() -> Result<()> {
    let applied = support::confirmed().await?;
    let (service, agreement) = (&applied.service, &applied.agreement);
    let obligation: ObligationId = support::id();
    let body = json!({ "party_id": agreement.party_ids[0], "obligation_ids": [obligation] });
    let early = applied.as_mediator("enforcement", body.clone()).await?;
    early.expect_problem(409, "nothing-defaulted")?;
    let defaulted = PerformanceDefaulted {
        obligation_id: obligation,
        agreement_id: agreement.agreement_id,
        case_id: agreement.case_id,
        region: agreement.region,
        defaulted_at: service.time.now(),
    };
    service
        .publish(Service::Mediation, agreement.case_id, &defaulted)
        .await?;
    service.settle().await?;
    let view = applied
        .as_mediator("enforcement", body.clone())
        .await?
        .expect(200)?;
    assert_eq!(
        view["course"]["enforcements"][0]["obligation_ids"],
        json!([obligation])
    );
    assert_eq!(
        service
            .published::<ConfirmationEnforcementApplied>()
            .await?
            .len(),
        1
    );
    let again = applied.as_mediator("enforcement", body).await?;
    again.expect_problem(409, "nothing-defaulted")?;
    Ok(())
}
