//! `agreement.amended`.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    Service,
    events::mediation::{AgreementAmended, AgreementEffective},
};

use crate::support::{self, APPLICATIONS, Applied, clock_states, ruling};

/// The parties change the agreement two days later.
async fn amend(applied: &Applied) -> Result<()> {
    let (service, agreement) = (&applied.service, &applied.agreement);
    service.time.advance(Duration::days(2));
    let AgreementEffective {
        agreement_id,
        proceeding_id,
        case_id,
        region,
        ..
    } = *agreement;
    let amended = AgreementAmended {
        agreement_id,
        proceeding_id,
        case_id,
        region,
        content_codes: Vec::new(),
        amount_fen: 900_000,
        obligations: Vec::new(),
        superseded: Vec::new(),
        amended_at: service.time.now(),
    };
    for _ in 0..2 {
        service
            .publish(Service::Mediation, case_id, &amended)
            .await?;
    }
    service.settle().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_dismissed_may_be_applied_for_again_when_it_was_changed() -> Result<()> {
    let applied = support::accepted().await?;
    let (service, agreement) = (&applied.service, &applied.agreement);
    let dismissal = ruling("dismissed", Some("unclear_content"));
    applied.as_court("rule", dismissal).await?.expect(200)?;
    amend(&applied).await?;

    let token = support::mediator(service, agreement);
    let path = format!(
        "/judicial-confirmation/v1/agreements/{}",
        agreement.agreement_id
    );
    let window = service.get(&path, &token).await?.expect(200)?;
    // The thirtieth day after 3 September is a Saturday in the National Day holidays.
    assert_eq!(
        (&window["amount_fen"], &window["last_day"]),
        (&900_000.into(), &"2026-10-08".into())
    );
    assert_eq!(
        clock_states(service, "confirmation.apply").await?,
        ["running"]
    );
    let body = support::body(agreement);
    let again = service.post(APPLICATIONS, &token, body.clone()).await?;
    assert_eq!(again.expect(201)?["state"], "await_other_party");
    let twice = service.post(APPLICATIONS, &token, body).await?;
    twice.expect_problem(409, "already-applied")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_under_way_stays_the_only_one() -> Result<()> {
    let applied = support::joint().await?;
    amend(&applied).await?;
    let service = &applied.service;
    assert_eq!(
        clock_states(service, "confirmation.apply").await?,
        ["stopped"]
    );
    let token = support::mediator(service, &applied.agreement);
    let body = support::body(&applied.agreement);
    let again = service.post(APPLICATIONS, &token, body).await?;
    again.expect_problem(409, "already-applied")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_application_has_the_window_of_the_change() -> Result<()> {
    let applied = support::joint().await?;
    applied.service.time.advance(Duration::days(12));
    amend(&applied).await?;
    let service = &applied.service;
    let withdrawn = applied
        .as_mediator("withdraw", serde_json::json!({}))
        .await?;
    withdrawn.expect(200)?;
    let token = support::mediator(service, &applied.agreement);
    let clocks = service.get("/judicial-confirmation/v1/clocks", &token);
    let clocks = clocks.await?.expect(200)?;
    let mut items = clocks["items"].as_array().into_iter().flatten();
    let window = items.find(|clock| clock["kind"] == "confirmation.apply");
    // Of 1 September it was 8 October; of the change on the 15th it is the thirtieth day.
    assert_eq!(
        window.map(|clock| &clock["due_at"]),
        Some(&"2026-10-15T16:00:00Z".into()),
        "{clocks}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_waits_for_the_other_party_has_the_window_of_the_change() -> Result<()>
{
    let (service, agreement) = support::start().await?;
    let applied = support::apply(service, agreement).await?;
    applied.service.time.advance(Duration::days(12));
    amend(&applied).await?;
    let view = applied.view().await?;
    assert_eq!(
        (&view["state"], &view["last_day"]),
        (&"await_other_party".into(), &"2026-10-15".into())
    );
    // Of 1 September the window would have been over on 8 October.
    applied.service.time.set("2026-10-12T02:00:00Z".parse()?);
    let states = clock_states(&applied.service, "confirmation.apply").await?;
    assert_eq!(states, ["running"]);
    let join = serde_json::json!({ "party_id": applied.agreement.party_ids[1] });
    let view = applied.as_mediator("join", join).await?.expect(200)?;
    assert_eq!(view["state"], "joint_submitted");
    Ok(())
}

/// The court hears the parties on what they have changed meanwhile: it cannot confirm what was applied for.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_before_the_court_is_not_confirmed() -> Result<()> {
    let applied = support::heard().await?;
    amend(&applied).await?;
    let refused = applied.as_court("rule", ruling("valid", None)).await?;
    refused.expect_problem(409, "agreement-changed")?;
    let withdraw = applied.as_mediator("withdraw", serde_json::json!({}));
    withdraw.await?.expect(200)?;
    let (service, agreement) = (&applied.service, &applied.agreement);
    let token = support::mediator(service, agreement);
    let again = service.post(APPLICATIONS, &token, support::body(agreement));
    again.await?.expect(201)?;
    Ok(())
}

/// A confirmed agreement that the parties change: the ruling does not reach what they owe now, and they may apply for that.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_after_the_ruling_is_applied_for_again_and_not_enforced_before()
-> Result<()> {
    let applied = support::confirmed().await?;
    let (service, agreement) = (&applied.service, &applied.agreement);
    let token = support::mediator(service, agreement);
    let apply = async || {
        let body = support::body(agreement);
        service.post(APPLICATIONS, &token, body).await
    };
    apply().await?.expect_problem(409, "already-applied")?;
    amend(&applied).await?;
    let obligation = support::id::<contracts::ids::ObligationId>();
    let party = agreement.party_ids[0];
    let enforce = serde_json::json!({ "party_id": party, "obligation_ids": [obligation] });
    let refused = applied.as_mediator("enforcement", enforce).await?;
    refused.expect_problem(409, "agreement-changed")?;
    let states = clock_states(service, "confirmation.apply").await?;
    assert_eq!(states.last().map(String::as_str), Some("running"));
    apply().await?.expect(201)?;
    apply().await?.expect_problem(409, "already-applied")?;
    // Somebody objects to the ruling all the same: what is applied for now is another version.
    let third =
        serde_json::json!({ "third_party_knew_on": "2026-08-30", "grounds": "侵害第三人抵押权" });
    let objected = applied.as_court("object", third).await?.expect(200)?;
    assert_eq!(objected["state"], "objection");
    Ok(())
}
