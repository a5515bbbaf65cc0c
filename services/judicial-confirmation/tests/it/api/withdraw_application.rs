//! `POST /applications/{id}/withdraw`.

use anyhow::Result;
use contracts::events::judicial_confirmation::ConfirmationWithdrawn;
use rstest::rstest;
use serde_json::json;

use crate::support::{self, APPLICATIONS, clock_states};

#[rstest]
#[case::alone(0)]
#[case::joint(1)]
#[case::received(2)]
#[case::accepted(3)]
#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_application_makes_room_for_another(#[case] steps: usize) -> Result<()> {
    let applied = support::applied().await?;
    for step in 0..steps {
        match step {
            0 => applied.join().await?,
            1 => applied.as_court("receive", json!({})).await?.expect(200)?,
            _ => applied.as_court("accept", json!({})).await?.expect(200)?,
        };
    }
    let view = applied
        .as_mediator("withdraw", json!({}))
        .await?
        .expect(200)?;
    assert_eq!(view["state"], "withdrawn");
    let service = &applied.service;
    assert_eq!(service.published::<ConfirmationWithdrawn>().await?.len(), 1);
    // The window runs on to the same end; the court's clocks do not.
    assert_eq!(
        clock_states(service, "confirmation.apply").await?,
        ["running"]
    );
    for kind in ["court.accept", "court.confirm"] {
        let states = clock_states(service, kind).await?;
        assert!(
            states.iter().all(|state| state == "stopped"),
            "{kind}: {states:?}"
        );
    }
    applied
        .as_mediator("withdraw", json!({}))
        .await?
        .expect_problem(409, "transition-not-allowed")?;

    let token = support::mediator(service, &applied.agreement);
    let body = support::body(&applied.agreement);
    let view = service
        .post(APPLICATIONS, &token, body)
        .await?
        .expect(201)?;
    assert_eq!(view["last_day"], "2026-10-08");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ruled_application_stays() -> Result<()> {
    let applied = support::confirmed().await?;
    let answer = applied.as_mediator("withdraw", json!({})).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    assert!(
        applied
            .service
            .published::<ConfirmationWithdrawn>()
            .await?
            .is_empty()
    );
    Ok(())
}
