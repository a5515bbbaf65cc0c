//! `agreement.effective`.

use anyhow::Result;
use contracts::Service;

use crate::support::{self, clock_states};

#[tokio::test(flavor = "multi_thread")]
async fn twice_delivered_is_once_applied() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let id = support::id();
    for _ in 0..2 {
        service
            .publish_as(id, Service::Mediation, agreement.case_id, &agreement)
            .await?;
    }
    // Another event with the same content changes nothing either.
    service
        .publish(Service::Mediation, agreement.case_id, &agreement)
        .await?;
    service.settle().await?;
    assert_eq!(service.count("agreements").await?, 1);
    assert_eq!(
        clock_states(&service, "confirmation.apply").await?,
        ["running"]
    );
    assert!(service.events().await?.is_empty());
    Ok(())
}

/// A late copy of the event does not start the clock of a window that has done its work.
#[tokio::test(flavor = "multi_thread")]
async fn a_late_copy_does_not_reopen_the_window() -> Result<()> {
    let applied = support::joint().await?;
    support::publish(&applied.service, &applied.agreement).await?;
    assert_eq!(
        clock_states(&applied.service, "confirmation.apply").await?,
        ["stopped"]
    );
    Ok(())
}
