//! `agreement.voided`.

use anyhow::Result;
use contracts::{Service, events::mediation::AgreementVoided};
use serde_json::json;

use crate::support::{self, APPLICATIONS, Applied, clock_states, ruling};

fn voided(applied: &Applied) -> AgreementVoided {
    AgreementVoided {
        agreement_id: applied.agreement.agreement_id,
        case_id: applied.agreement.case_id,
        region: applied.agreement.region,
        replaced_by: None,
        superseded: Vec::new(),
        voided_at: applied.service.time.now(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_applied_for_on_what_binds_nobody() -> Result<()> {
    let applied = support::accepted().await?;
    let (service, agreement) = (&applied.service, &applied.agreement);
    let dismissal = ruling("dismissed", Some("unclear_content"));
    applied.as_court("rule", dismissal).await?.expect(200)?;
    let voided = voided(&applied);
    let other = AgreementVoided {
        agreement_id: support::id(),
        ..voided.clone()
    };
    for event in [&other, &voided, &voided] {
        service
            .publish(Service::Mediation, agreement.case_id, event)
            .await?;
    }
    service.settle().await?;

    let token = support::mediator(service, agreement);
    let path = format!(
        "/judicial-confirmation/v1/agreements/{}",
        agreement.agreement_id
    );
    let window = service.get(&path, &token).await?.expect(200)?;
    assert_eq!(
        (&window["open"], &window["voided"]),
        (&json!(false), &json!(true))
    );
    let again = service.post(APPLICATIONS, &token, support::body(agreement));
    again.await?.expect_problem(409, "agreement-voided")?;
    let states = clock_states(service, "confirmation.apply").await?;
    assert!(!states.contains(&"running".to_owned()), "{states:?}");
    Ok(())
}

/// One of the parties has applied when they take another way: the other one cannot join any more, and nobody waits for it.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_the_other_party_is_taken_back_with_the_agreement() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let applied = support::apply(service, agreement).await?;
    let agreement = &applied.agreement;
    let voided = voided(&applied);
    applied
        .service
        .publish(Service::Mediation, agreement.case_id, &voided)
        .await?;
    applied.service.settle().await?;
    assert_eq!(applied.view().await?["state"], "withdrawn");
    let join = json!({ "party_id": agreement.party_ids[1] });
    let refused = applied.as_mediator("join", join).await?;
    refused.expect_problem(409, "agreement-voided")?;
    Ok(())
}
