//! `GET /reporting/v1/indicators`.

use anyhow::Result;
use contracts::events::mediation::MediationOutcome;
use reporting::Reporting;
use serde_json::Value;
use testkit::TestService;

use crate::feed::{Case, feed};

const PATH: &str = "/reporting/v1/indicators";

fn fraction(answer: &Value, id: &str) -> (u64, u64, Option<f64>) {
    let indicators = answer["indicators"].as_array().unwrap();
    let found = indicators
        .iter()
        .find(|one| one["id"] == id)
        .unwrap_or_else(|| panic!("no {id}"));
    assert!(found["formula_version"].as_u64() >= Some(1));
    (
        found["numerator"].as_u64().unwrap(),
        found["denominator"].as_u64().unwrap(),
        found["pct"].as_f64(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_its_formula() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let (whole, open, failed, agreed) = (Case::new(1), Case::new(2), Case::new(3), Case::new(4));
    let mut events = whole.story();
    events.push(open.accepted());
    events.extend([
        failed.accepted(),
        failed.decided(),
        failed.ended(MediationOutcome::Failed),
    ]);
    // Two obligations: the last day of one is in 2046.
    events.extend([
        agreed.accepted(),
        agreed.decided(),
        agreed.ended(MediationOutcome::Agreed),
        agreed.effective(&[5, 9_000]),
    ]);
    feed(&service, &events).await?;

    let answer = service
        .get(PATH, &service.role("leader"))
        .await?
        .expect(200)?;
    for (id, expected) in [
        ("settled_rate", (2, 4, Some(50.0))),
        ("settled_of_concluded_rate", (2, 3, Some(66.7))),
        // The story's last decision is not as proposed, and its clock ran out.
        ("proposal_followed_rate", (2, 3, Some(66.7))),
        ("triage_on_time_rate", (2, 3, Some(66.7))),
        ("sign_on_time_rate", (1, 1, Some(100.0))),
        ("performance_rate", (2, 3, Some(66.7))),
        ("confirmation_applied_rate", (1, 2, Some(50.0))),
        ("confirmation_rate", (1, 1, Some(100.0))),
        ("confirmation_dismissed_rate", (0, 1, Some(0.0))),
        ("follow_up_rate", (1, 1, Some(100.0))),
        ("satisfaction_rate", (1, 2, Some(50.0))),
    ] {
        assert_eq!(fraction(&answer, id), expected, "{id}");
    }

    let none = service
        .get(&format!("{PATH}?from=2023-01-01"), &service.role("leader"))
        .await?
        .expect(200)?;
    assert_eq!(fraction(&none, "settled_rate"), (0, 0, None));
    let county = service.token().roles(["leader"]).region("620621").sign()?;
    assert_eq!(
        fraction(
            &service.get(PATH, &county).await?.expect(200)?,
            "settled_rate"
        ),
        (0, 0, None)
    );
    Ok(())
}

/// 履行率 after three instalments became one, and after the court did not confirm what was agreed: in whichever order it is told.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_owed_is_not_waited_for() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let (changed, given_up) = (Case::new(1), Case::new(2));
    let mut events: Vec<_> = [&changed, &given_up].map(Case::accepted).into();
    events.extend([
        changed.effective(&[5, 15, 25]),
        changed.fulfilled(5, 2),
        given_up.voided_on(30, &[5, 15]),
        given_up.effective(&[5, 15]),
        changed.amended_on(12, &[15, 25], &[40]),
    ]);
    feed(&service, &events).await?;
    let leader = service.role("leader");
    let found = service.get(PATH, &leader).await?.expect(200)?;
    assert_eq!(fraction(&found, "performance_rate"), (1, 2, Some(50.0)));
    feed(&service, &[changed.fulfilled(39, 0)]).await?;
    let found = service.get(PATH, &leader).await?.expect(200)?;
    assert_eq!(fraction(&found, "performance_rate"), (2, 2, Some(100.0)));
    let amount = async |case: &Case| {
        let path = format!("/reporting/v1/ledger/{}", case.id());
        let row = service.get(&path, &leader).await?.expect(200)?;
        anyhow::Ok(row["agreed_amount_fen"].clone())
    };
    // 300 yuan at first, of which 200 became 100; in the other case what was agreed less what is no longer owed.
    assert_eq!(amount(&changed).await?, 20_000);
    assert_eq!(amount(&given_up).await?, 10_000);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_questions_are_refused() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let leader = service.role("leader");
    for (query, status, code) in [
        ("from=2022-02-02&to=2022-02-01", 422, "period-invalid"),
        ("region=11", 422, "region-out-of-scope"),
        ("dimension=type", 400, "invalid-query"),
    ] {
        service
            .get(&format!("{PATH}?{query}"), &leader)
            .await?
            .expect_problem(status, code)?;
    }
    service
        .get(PATH, &service.role("administrator"))
        .await?
        .expect_problem(403, "forbidden")?;
    Ok(())
}
