//! A child's closed period against the parent's own count of it.

use anyhow::Result;
use contracts::{
    Service,
    events::{
        federation::AccountabilityMoved, mediation::MediationOutcome, reporting::PeriodClosed,
    },
};
use reporting::Reporting;
use serde_json::{Value, json};
use testkit::TestService;

use crate::feed::{Case, Fed, as_fact, feed};

/// What happened at the county's node in March 2022, in order: the cases, and what its border desk told.
fn county() -> Vec<Fed> {
    let case = Case {
        node: "620602",
        ..Case::new(1)
    };
    // Its id is the request's: it is about no case.
    let request = Case {
        node: "620602",
        ..Case::new(70)
    };
    let moved = AccountabilityMoved {
        case_id: case.id(),
        from_node: "620602".parse().unwrap(),
        to_node: "6206".parse().unwrap(),
        request_id: case.object(9),
        at: case.accepted_at + chrono::TimeDelta::days(20),
    };
    let of_desk = [
        request.breached(Service::Federation, "request.sign", 3),
        case.fed(Service::Federation, moved.at, &moved),
    ];
    (1..=6)
        .flat_map(|number| {
            let case = Case {
                node: "620602",
                amount_fen: Some(100),
                type_code: ["neighbour", "labour"][usize::try_from(number % 2).unwrap()].to_owned(),
                ..Case::new(number)
            };
            [
                case.accepted(),
                case.decided(),
                case.ended(MediationOutcome::Agreed),
            ]
        })
        .chain(of_desk)
        .collect()
}

/// Closes March at the county, which is played by a service of its own: with its events, but counted as its node.
async fn closed_at_county(events: &[Fed]) -> Result<PeriodClosed> {
    let county =
        TestService::<Reporting>::start_with(|config| config.node.region = "620602".to_owned())
            .await?;
    feed(&county, events).await?;
    let token = county
        .token()
        .roles(["evaluator"])
        .region("620602")
        .sign()?;
    let body = json!({ "period": "2022-03", "counted_to": "2022-04-10" });
    county
        .post("/reporting/v1/periods", &token, body)
        .await?
        .expect(201)?;
    let mut closed = county.published::<PeriodClosed>().await?;
    Ok(closed.remove(0))
}

/// The fact as it comes to the parent.
fn report(number: u128, closed: &PeriodClosed) -> Fed {
    let case = Case {
        node: "620602",
        ..Case::new(number)
    };
    let mut fed = case.accepted();
    fed.envelope.event_type = "fengqiao.reporting.period.closed.v1".to_owned();
    fed.envelope.time = closed.closed_at;
    fed.envelope.id = contracts::ids::EventId::from(uuid::Uuid::from_u128(number));
    fed.body = serde_json::to_value(closed).unwrap();
    as_fact(&fed)
}

async fn compared(parent: &TestService<Reporting>, id: &str) -> Result<Value> {
    let path = format!("/reporting/v1/periods/{id}/comparison");
    parent.get(&path, &parent.role("leader")).await?.expect(200)
}

async fn closed_at_parent(parent: &TestService<Reporting>) -> Result<String> {
    let body = json!({ "period": "2022-03" });
    let token = parent.role("evaluator");
    let closed = parent.post("/reporting/v1/periods", &token, body).await?;
    Ok(closed.expect(201)?["id"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_that_has_every_fact_counts_the_same() -> Result<()> {
    let closed = closed_at_county(&county()).await?;
    assert_eq!((closed.received, closed.settled), (6, 6));
    let of_desk = |closed: &PeriodClosed| {
        let kinds = ["accountability.moved", "clock.breached"];
        let events = closed.events.iter();
        let events = events.filter(|one| kinds.contains(&one.kind.as_str()));
        events.map(|one| one.count).collect::<Vec<_>>()
    };
    assert_eq!(of_desk(&closed), [1, 1]);
    let parent = TestService::<Reporting>::start().await?;
    let facts: Vec<Fed> = county().iter().rev().map(as_fact).collect();
    feed(&parent, &facts).await?;
    // The city's own node worked on one of the cases too, before and after: that is not the county's number.
    let own = Case {
        accepted_at: Case::new(1).accepted_at - chrono::TimeDelta::days(1),
        ..Case::new(1)
    };
    feed(
        &parent,
        &[own.accepted(), own.ended_on(30, MediationOutcome::Failed)],
    )
    .await?;
    let other = Case {
        node: "620621",
        ..Case::new(50)
    };
    feed(&parent, &[as_fact(&other.accepted())]).await?;
    let id = closed_at_parent(&parent).await?;
    assert_eq!(
        compared(&parent, &id).await?["not_closed"],
        json!(["620602", "620621"])
    );
    feed(&parent, &[report(900, &closed)]).await?;
    let made = compared(&parent, &id).await?;
    assert_eq!(made["nodes"][0]["node"], "620602");
    assert_eq!(made["nodes"][0]["differences"], json!([]));
    assert_eq!(made["nodes"][0]["agrees"], true);
    assert_eq!(made["nodes"][0]["counted"], made["nodes"][0]["reported"]);
    assert_eq!(made["not_closed"], json!(["620621"]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_difference_is_named() -> Result<()> {
    let events = county();
    let closed = closed_at_county(&events).await?;
    let parent = TestService::<Reporting>::start().await?;
    // Of the first case nothing came, of the second only that it was accepted.
    let came = |index: &usize| !(0..3).contains(index) && !(4..6).contains(index);
    let facts: Vec<Fed> = (0..events.len())
        .filter(came)
        .map(|index| as_fact(&events[index]))
        .collect();
    feed(&parent, &facts).await?;
    feed(&parent, &[report(900, &closed)]).await?;
    let id = closed_at_parent(&parent).await?;
    let made = compared(&parent, &id).await?;
    let shown: Vec<String> = made["nodes"][0]["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!(
                "{} {} {} {}",
                one["figure"], one["of"], one["reported"], one["counted"]
            )
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    "received" null 6 5
    "settled" null 6 4
    "received" "" 0 1
    "received" "labour" 3 2
    "received" "neighbour" 3 2
    "settled" "labour" 3 2
    "settled" "neighbour" 3 2
    "events" "matter.accepted" 6 5
    "events" "mediation.ended" 6 4
    "events" "triage.decided" 6 4
    "digest" null null null
    "#);
    assert_eq!(made["nodes"][0]["agrees"], false);

    // A later version takes the place of the first; what is missing has come.
    let missing: Vec<Fed> = events.iter().map(as_fact).collect();
    feed(&parent, &missing).await?;
    let corrected = PeriodClosed {
        version: 2,
        received: 7,
        ..closed
    };
    feed(&parent, &[report(901, &corrected)]).await?;
    let made = compared(&parent, &id).await?;
    assert_eq!(made["nodes"][0]["version"], 2);
    assert_eq!(
        made["nodes"][0]["differences"],
        json!([{ "figure": "received", "of": null, "reported": 7, "counted": 6 }])
    );
    Ok(())
}
