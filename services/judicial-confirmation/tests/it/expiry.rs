//! The window's clock: warnings, and what expires when it runs out.

use anyhow::Result;
use chrono::{DateTime, Utc};
use contracts::events::{
    clock::{ClockBreached, ClockWarned},
    judicial_confirmation::ConfirmationExpired,
};
use testkit::service::eventually;

use crate::support::{self, CLOSED, Confirming, clock_states};

async fn breach(service: &Confirming) -> Result<()> {
    service.time.set(CLOSED.parse::<DateTime<Utc>>()?);
    eventually("the clock runs out", async || {
        Ok(!service.published::<ClockBreached>().await?.is_empty())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_nobody_joined_expires() -> Result<()> {
    let applied = support::applied().await?;
    breach(&applied.service).await?;
    let view = applied.view().await?;
    assert_eq!(view["state"], "expired");
    assert_eq!(view["version"], 2);
    let events = applied.service.published::<ConfirmationExpired>().await?;
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(event.agreement_id, applied.agreement.agreement_id);
    assert_eq!(
        clock_states(&applied.service, "confirmation.apply").await?,
        ["breached"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_joint_application_does_not_expire() -> Result<()> {
    let applied = support::joint().await?;
    let mut other = support::effective(applied.service.time.now());
    other.organisation_id = applied.agreement.organisation_id;
    support::publish(&applied.service, &other).await?;
    // The other agreement's window closes at the same time; nobody applied.
    breach(&applied.service).await?;
    assert_eq!(applied.view().await?["state"], "joint_submitted");
    assert!(
        applied
            .service
            .published::<ConfirmationExpired>()
            .await?
            .is_empty()
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parties_are_warned_on_the_twentieth_day() -> Result<()> {
    let (service, agreement) = support::start().await?;
    service
        .time
        .set("2026-09-21T01:00:00Z".parse::<DateTime<Utc>>()?);
    eventually("the warning", async || {
        Ok(!service.published::<ClockWarned>().await?.is_empty())
    })
    .await?;
    let warned = service.published::<ClockWarned>().await?;
    assert_eq!(warned[0].kind, "confirmation.apply");
    assert_eq!(warned[0].case_id, agreement.case_id);
    assert_eq!(warned[0].due_at, CLOSED.parse::<DateTime<Utc>>()?);
    Ok(())
}
