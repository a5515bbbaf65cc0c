//! Every event is kept once and merged in any order.

use std::collections::BTreeSet;

use anyhow::Result;
use chassis::{
    db::{Cause, Tx},
    http::Problem,
};
use contracts::{
    Service,
    events::{
        intake::{MatterAccepted, MatterClass},
        mediation::MediatorRegistered,
        triage::RiskColour,
    },
    ids::{EventId, MediatorId, TypedId as _},
};
use diesel_async::RunQueryDsl as _;
use policy::{CurrentPolicy, PolicyPack};
use reporting::{Reporting, consumers::on_event::on_event};
use serde_json::{Value, json};
use testkit::TestService;
use uuid::Uuid;

use crate::feed::{Case, Fed, everything, feed};

/// The row that a whole story gives.
async fn row(service: &TestService<Reporting>, case: &Case) -> Result<Value> {
    let path = format!("/reporting/v1/ledger/{}", case.id());
    service
        .get(&path, &service.role("coordinator"))
        .await?
        .expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_makes_a_row() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let case = Case {
        amount_fen: Some(50_000),
        ..Case::new(1)
    };
    feed(&service, &case.story()).await?;
    insta::assert_json_snapshot!(row(&service, &case).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_row_has_the_colour_that_the_case_has_now() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let case = Case::new(1);
    let raised = case.coloured_on(2, RiskColour::Red);
    // The change is known before the decision it follows.
    feed(&service, &[case.accepted(), raised, case.decided()]).await?;
    assert_eq!(row(&service, &case).await?["colour"], "red");
    feed(&service, &[case.coloured_on(3, RiskColour::Yellow)]).await?;
    assert_eq!(row(&service, &case).await?["colour"], "yellow");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_right_before_the_acceptance_is_in_the_row() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    for (number, turned) in [(1, false), (2, true)] {
        let case = Case::new(number);
        let put_right = MatterAccepted {
            class: MatterClass::Petition,
            persons_involved: 9,
            ..case.accepted_event()
        };
        let mut told = [
            case.registered(),
            case.fed(Service::Intake, put_right.accepted_at, &put_right),
        ];
        if turned {
            told.reverse();
        }
        feed(&service, &told).await?;
        let row = row(&service, &case).await?;
        assert_eq!(
            (&row["class"], &row["persons_involved"]),
            (&json!("petition"), &json!(9))
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn order_and_repetition_make_no_difference() -> Result<()> {
    let cases = [
        Case::new(1),
        Case {
            region: "620621",
            ..Case::new(2)
        },
        Case {
            amount_fen: Some(7),
            ..Case::new(3)
        },
    ];
    let stories: Vec<Fed> = cases.iter().flat_map(Case::story).collect();
    let service = TestService::<Reporting>::start().await?;
    feed(&service, &stories).await?;
    let expected = everything(&service).await?;
    let admin = testkit::postgres::connect(&service.database.admin_url()).await?;

    let count = stories.len();
    let backwards: Vec<Fed> = stories.iter().rev().cloned().collect();
    let twice: Vec<Fed> = stories.iter().chain(&stories).cloned().collect();
    // A step that is coprime to the number of events visits each once.
    let steps = (3..count)
        .filter(|step| gcd(*step, count) == 1)
        .step_by(3)
        .take(6);
    let shuffled = steps.map(|step| {
        (0..count)
            .map(|n| stories[n * step % count].clone())
            .collect::<Vec<_>>()
    });
    for (attempt, order) in [backwards, twice].into_iter().chain(shuffled).enumerate() {
        admin
            .batch_execute("DELETE FROM reporting.ledger; DELETE FROM reporting.event_log")
            .await?;
        feed(&service, &order).await?;
        assert_eq!(everything(&service).await?, expected, "order {attempt}");
        assert_eq!(service.count("event_log").await?, i64::try_from(count)?);
    }
    Ok(())
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_over_the_bus_and_count_once() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let case = Case::new(5);
    let id = EventId::from_uuid(Uuid::from_u128(77));
    for _ in 0..3 {
        service
            .publish_as(id, Service::Intake, case.id(), &case.accepted_event())
            .await?;
    }
    let rating: contracts::events::evaluation::RatingGiven =
        serde_json::from_value(case.rated(1, 4).body)?;
    let id = EventId::from_uuid(Uuid::from_u128(78));
    for _ in 0..2 {
        service
            .publish_as(id, Service::Evaluation, case.id(), &rating)
            .await?;
    }
    service.settle().await?;
    assert_eq!(service.count("event_log").await?, 2);
    let row = row(&service, &case).await?;
    assert_eq!(row["ratings"], json!([4]));
    assert_eq!(row["region"], "620602");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_outside_a_case_is_only_logged() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let mediator: MediatorId = Case::new(1).object(9);
    let event = MediatorRegistered {
        mediator_id: mediator,
        organisation_id: Case::new(1).object(5),
        region: "620602".parse()?,
    };
    service
        .publish(Service::Mediation, mediator, &event)
        .await?;
    service.settle().await?;
    assert_eq!(
        (
            service.count("event_log").await?,
            service.count("ledger").await?
        ),
        (1, 0)
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_an_unknown_kind_is_kept_and_one_that_cannot_be_read_is_not() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let mut later = Case::new(1).accepted();
    later.envelope.event_type = "fengqiao.intake.matter.linked.v1".to_owned();
    feed(&service, &[later]).await?;
    assert_eq!(
        (
            service.count("event_log").await?,
            service.count("ledger").await?
        ),
        (1, 0)
    );

    let mut broken = Case::new(2).accepted();
    broken.body["accepted_at"] = json!("yesterday");
    let error = feed(&service, &[broken]).await.unwrap_err().to_string();
    assert!(
        error.contains("invalid-body") && !error.contains("yesterday"),
        "{error}"
    );
    assert_eq!(service.count("event_log").await?, 1);
    Ok(())
}

/// At most one text a kind of event, however many events: it names the columns that kind says something of.
#[tokio::test(flavor = "multi_thread")]
async fn statements_are_prepared_once_a_connection() -> Result<()> {
    #[derive(diesel::QueryableByName)]
    struct Prepared {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    let service = TestService::<Reporting>::start().await?;
    let db = service.db()?;
    let state = Reporting {
        db: db.clone(),
        policy: CurrentPolicy::new(PolicyPack::embedded(db.node())?),
    };
    let stories: Vec<Fed> = (1..4)
        .flat_map(|number| Case::new(number).story())
        .collect();
    let kinds: BTreeSet<&str> = stories
        .iter()
        .map(|fed| fed.envelope.event_type.as_str())
        .collect();
    let work = async |tx: &mut Tx| {
        for fed in &stories {
            on_event(&state, tx, &fed.envelope, fed.body.clone())?;
        }
        Ok(())
    };
    // Both on the pool's one connection.
    let fed: Result<(), Problem> = db.tx("feed", &Cause::new(&service.time), work).await;
    fed.map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
    let sql = "SELECT count(*) AS count FROM pg_prepared_statements WHERE statement LIKE '%INSERT INTO event_log%'
               AND statement NOT LIKE '%pg_prepared%'";
    let mut conn = db
        .read()
        .await
        .map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
    let prepared: Prepared = diesel::sql_query(sql).get_result(&mut conn).await?;
    let kinds = i64::try_from(kinds.len())?;
    assert!(
        (1..=kinds).contains(&prepared.count),
        "{} of {kinds}",
        prepared.count
    );
    Ok(())
}
