//! Another node answers for a case, and hands it back.

use anyhow::Result;
use contracts::{Service, events::federation::AccountabilityMoved};
use serde_json::json;

use crate::support::{self, APPLICATIONS, Confirming};

async fn moved(
    service: &Confirming,
    case_id: contracts::ids::CaseId,
    from: &str,
    to: &str,
) -> Result<()> {
    let event = AccountabilityMoved {
        case_id,
        from_node: from.parse()?,
        to_node: to.parse()?,
        request_id: support::id(),
        at: service.time.now(),
    };
    service
        .publish(Service::Federation, case_id, &event)
        .await?;
    service.settle().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_applied_for_meanwhile_and_what_is_before_the_court_goes_on() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let own = service.db()?.node().to_string();
    let case_id = agreement.case_id;
    let mediator = support::mediator(&service, &agreement);
    moved(&service, case_id, &own, "3304").await?;
    let body = support::body(&agreement);
    let refused = service.post(APPLICATIONS, &mediator, body).await?;
    refused.expect_problem(409, "case-elsewhere")?;
    assert_eq!(service.count("applications").await?, 0);
    moved(&service, case_id, "3304", &own).await?;
    let applied = support::apply(service, agreement).await?;

    moved(&applied.service, case_id, &own, "3304").await?;
    let join = json!({ "party_id": applied.agreement.party_ids[1] });
    let refused = applied.as_mediator("join", join).await?;
    refused.expect_problem(409, "case-elsewhere")?;
    moved(&applied.service, case_id, "3304", &own).await?;
    applied.join().await?;

    moved(&applied.service, case_id, &own, "3304").await?;
    applied.as_court("receive", json!({})).await?.expect(200)?;
    Ok(())
}
