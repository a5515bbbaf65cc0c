//! Everything that can be killed is killed while cases flow. Whoever got no answer asks again with the same key.

use std::time::Duration;

use e2e::{
    Api, Mode, Settings, TestNode,
    cast::Cast,
    flow::{Case, Course, expected_events},
};
use futures_util::{StreamExt as _, stream};
use rstest::rstest;

/// Cases that flow.
const CASES: usize = 30;
/// Clients that work at the same time.
const CLIENTS: usize = 8;

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Processes,
    Postgres,
    Nats,
}

/// Kills the victim in full flow and starts it again.
async fn strike(node: &mut TestNode, victim: Victim) {
    match victim {
        Victim::Processes => {
            node.kill9().await.unwrap();
            node.start_processes().await.unwrap();
        }
        Victim::Postgres => {
            let server = node.database.server().unwrap();
            server.kill9().await;
            server.restart().await.unwrap();
        }
        Victim::Nats => {
            node.nats.kill9().await;
            node.nats.restart().await.unwrap();
        }
    }
}

/// The numbers of events on the way, to strike in the middle and not before or after.
async fn until_published(node: &TestNode, kind: &str, count: i64) {
    e2e::node::settle::eventually(kind, async || {
        Ok(node
            .published()
            .await?
            .get(kind)
            .is_some_and(|n| *n >= count))
    })
    .await
    .unwrap();
}

async fn play_all(api: &Api, cast: &Cast) -> Vec<Case> {
    let cases = stream::iter(0..CASES).map(async |n| {
        Case::play(api, cast, Course::of(n), "zhang-san")
            .await
            .unwrap()
    });
    cases.buffer_unordered(CLIENTS).collect().await
}

#[rstest]
#[case::processes_one(Mode::One, Victim::Processes)]
#[case::processes_six(Mode::Six, Victim::Processes)]
#[case::postgres_one(Mode::One, Victim::Postgres)]
#[case::postgres_six(Mode::Six, Victim::Postgres)]
#[case::nats_one(Mode::One, Victim::Nats)]
#[case::nats_six(Mode::Six, Victim::Nats)]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_doubled_or_half_done(#[case] mode: Mode, #[case] victim: Victim) {
    let settings = Settings::of(mode);
    let settings = if victim == Victim::Postgres {
        settings.own_postgres()
    } else {
        settings
    };
    let mut node = TestNode::with(settings).await.unwrap();
    let (api, cast) = (node.api.clone(), Cast::gather(&node).await.unwrap());

    let breaking = async {
        for matters in [6, 16] {
            until_published(&node, "matter.accepted", matters).await;
            strike(&mut node, victim).await;
        }
    };
    let (cases, ()) = tokio::join!(play_all(&api, &cast), breaking);

    // The fault was felt, and every client got every answer in the end.
    assert_eq!(cases.len(), CASES);
    if victim != Victim::Nats {
        assert!(api.unanswered() > 0, "no call was hit by the fault");
    }
    // Every event is applied exactly once everywhere, also those of unanswered commands.
    node.reconciled().await.unwrap();
    // Every command took effect exactly once: as many facts as the clients were told of.
    node.check_published(&expected_events(cases.iter().map(|case| case.course)))
        .await
        .unwrap();
    complete(&node, &cast, &cases).await;
    // Work goes on as before.
    Case::play(&api, &cast, Course::Oral, "zhang-san")
        .await
        .unwrap();
    node.reconciled().await.unwrap();
}

/// No case is half written: each is closed everywhere, and the numbers add up.
async fn complete(node: &TestNode, cast: &Cast, cases: &[Case]) {
    let get = async |path: String, token: &str| {
        node.api
            .get(&path, token)
            .await
            .unwrap()
            .expect(200)
            .unwrap()
    };
    for case in cases {
        let id = &case.case_id;
        assert_eq!(
            get(format!("/intake/v1/cases/{id}"), &cast.clerk).await["status"],
            "closed"
        );
        let timeline = get(
            format!("/intake/v1/cases/{id}/timeline?limit=200"),
            &cast.clerk,
        )
        .await;
        let mut facts: Vec<String> = timeline["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["code"].to_string())
            .collect();
        let all = facts.len();
        facts.sort();
        facts.dedup();
        // Two of three instalments and the first two visits may be told of more than once.
        let repeated = if case.course == Course::Instalments {
            1
        } else {
            0
        };
        assert!(all - facts.len() <= repeated + 1, "{timeline}");
        assert_eq!(
            get(format!("/evaluation/v1/cases/{id}"), &cast.evaluator).await["state"],
            "closed"
        );
        let entry = get(format!("/reporting/v1/ledger/{id}"), &cast.leader).await;
        assert!(entry["closed_at"].is_string(), "{entry}");
        if case.course.settled() {
            let agreement = get(
                format!("/mediation/v1/agreements/{}", case.agreement_id),
                &cast.desk.officer,
            )
            .await;
            assert_eq!(
                (agreement["state"].as_str(), agreement["remaining"].as_i64()),
                (Some("performed"), Some(0))
            );
        }
    }
    let table = get(
        "/reporting/v1/statistics?dimension=outcome".to_owned(),
        &cast.leader,
    )
    .await;
    let settled = cases.iter().filter(|case| case.course.settled()).count();
    assert_eq!(
        table["received"].as_u64(),
        u64::try_from(cases.len()).ok(),
        "{table}"
    );
    assert_eq!(
        table["settled"].as_u64(),
        u64::try_from(settled).ok(),
        "{table}"
    );
    let accepted = get(
        "/intake/v1/matters?state=accepted&limit=1".to_owned(),
        &cast.clerk,
    )
    .await;
    assert_eq!(accepted["total"].as_u64(), u64::try_from(cases.len()).ok());
    // 受理编号 have no gap and no double, also where a registration was cut off.
    let numbers = node.sql().await.unwrap();
    let row = numbers
        .query_one(
            "SELECT count(DISTINCT acceptance_number),
                (SELECT sum(last)::int8 FROM intake.acceptance_numbers WHERE series NOT LIKE 'file:%')
             FROM intake.matters",
            &[],
        )
        .await
        .unwrap();
    let [given, last] = [0, 1].map(|column| usize::try_from(row.get::<_, i64>(column)).unwrap());
    assert_eq!([given, last], [cases.len(); 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_bus_is_away_takes_matters_and_says_it_is_not_ready() {
    let mut node = TestNode::start(Mode::One).await.unwrap();
    let (api, cast) = (node.api.clone(), Cast::gather(&node).await.unwrap());
    node.nats.kill9().await;
    let matter = e2e::flow::matter("zhang-san");
    let mut case = Case::register(&api, &cast, Course::Oral, &matter)
        .await
        .unwrap();
    let process = *api.processes().first().unwrap();
    e2e::node::settle::eventually("not ready", async || {
        Ok(api.send(api.get_from(process, "/readyz")).await?.status == 503)
    })
    .await
    .unwrap();
    assert_eq!(
        api.send(api.get_from(process, "/livez"))
            .await
            .unwrap()
            .status,
        200
    );
    tokio::time::sleep(Duration::from_millis(300)).await;
    node.nats.restart().await.unwrap();
    node.wait_until_ready().await.unwrap();
    case.triage(&api, &cast).await.unwrap();
    node.reconciled().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_database_is_away_says_so_lives_on_and_recovers() {
    let settings = Settings::of(Mode::One).own_postgres();
    let mut node = TestNode::with(settings).await.unwrap();
    let api = node.api.clone();
    let process = *api.processes().first().unwrap();
    let ask = async |path: &str| api.send(api.get_from(process, path)).await;
    node.database.server().unwrap().kill9().await;
    e2e::node::settle::eventually("it says what is away", async || {
        let answer = ask("/readyz").await?;
        Ok(answer.status == 503 && answer.body.to_string().contains("intake.database"))
    })
    .await
    .unwrap();
    assert_eq!(ask("/livez").await.unwrap().status, 200);
    node.database.server().unwrap().restart().await.unwrap();
    node.wait_until_ready().await.unwrap();
    let cast = Cast::gather(&node).await.unwrap();
    let matter = e2e::flow::matter("zhang-san");
    Case::register(&api, &cast, Course::Oral, &matter)
        .await
        .unwrap();
}
