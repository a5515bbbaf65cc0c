//! Closing a period and correcting it.

use anyhow::Result;
use contracts::{
    Service,
    events::{mediation::MediationOutcome, reporting::PeriodClosed},
    questions::PeriodFigures,
};
use reporting::{
    Reporting,
    domain::snapshot::{Line, Snapshot},
};
use serde_json::{Value, json};
use testkit::TestService;

use crate::feed::{Case, as_fact, at, feed};

const PATH: &str = "/reporting/v1/periods";

/// March 2022 with four cases at two nodes, and one of February; one is settled in April.
async fn service() -> Result<TestService<Reporting>> {
    let service = TestService::<Reporting>::start().await?;
    let of = |number, node, amount_fen| Case {
        node,
        amount_fen,
        ..Case::new(number)
    };
    let before = Case {
        accepted_at: at("2022-02-28T15:59:59Z"),
        ..Case::new(9)
    };
    let (settled, late, open, county) = (
        of(1, "6206", Some(500)),
        of(2, "6206", None),
        of(3, "6206", Some(20)),
        of(4, "620602", None),
    );
    feed(
        &service,
        &[
            before.accepted(),
            before.ended(MediationOutcome::Agreed),
            settled.accepted(),
            settled.decided(),
            settled.ended(MediationOutcome::Agreed),
            late.accepted(),
            late.decided(),
            late.ended_on(5, MediationOutcome::Failed),
            late.ended_on(45, MediationOutcome::SelfSettled),
            open.accepted(),
            as_fact(&county.accepted()),
            as_fact(&county.decided()),
        ],
    )
    .await?;
    Ok(service)
}

async fn close(service: &TestService<Reporting>, body: Value) -> Result<Value> {
    let closed = service.post(PATH, &service.role("evaluator"), body).await?;
    assert_eq!(closed.version(), Some(1));
    closed.expect(201)
}

/// The lines of a version, two a page.
async fn lines(service: &TestService<Reporting>, id: &Value, version: i64) -> Result<Vec<Line>> {
    let (id, token) = (id.as_str().unwrap(), service.role("leader"));
    let mut lines = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{PATH}/{id}/versions/{version}/lines?limit=2{cursor}");
        let page = service.get(&path, &token).await?.expect(200)?;
        lines.extend(serde_json::from_value::<Vec<Line>>(page["items"].clone())?);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(lines),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_period_has_numbers_that_anyone_can_check() -> Result<()> {
    let service = service().await?;
    let body = json!({ "period": "2022-03", "counted_to": "2022-03-31" });
    let closed = close(&service, body).await?;
    insta::assert_json_snapshot!(closed, {
        ".id" => "[id]",
    });
    let lines = lines(&service, &closed["id"], 1).await?;
    assert_eq!(lines.len(), 4);
    let digest = Snapshot::new(lines, Vec::new()).digest();
    assert_eq!(closed["versions"][0]["digest"], digest);

    // What is read is what was answered; what happens later changes nothing.
    let story = Case::new(20).story();
    feed(&service, &story).await?;
    let id = closed["id"].as_str().unwrap();
    let token = service.role("leader");
    let read = service
        .get(&format!("{PATH}/{id}"), &token)
        .await?
        .expect(200)?;
    assert_eq!(read, closed);
    let list = service.get(PATH, &token).await?.expect(200)?;
    assert_eq!(list["items"][0]["id"], closed["id"]);

    let [event] = service
        .published::<PeriodClosed>()
        .await?
        .try_into()
        .unwrap();
    assert_eq!(
        (event.period.as_str(), event.version, event.node.as_str()),
        ("2022-03", 1, "6206")
    );
    assert_eq!((event.received, event.settled), (4, 1));
    assert_eq!(event.digest, digest);
    assert_eq!(
        json!(event.types),
        closed["versions"][0]["numbers"]["types"]
    );
    assert_eq!(
        json!(event.events),
        closed["versions"][0]["numbers"]["events"]
    );
    service.settle().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_counted_by_yesterday_is_what_the_statistics_count() -> Result<()> {
    let service = service().await?;
    let closed = close(
        &service,
        json!({ "begins": "2022-03-01", "ends": "2022-03-31" }),
    )
    .await?;
    assert_eq!(closed["period"], "2022-03");
    let version = &closed["versions"][0];
    // The clock stands at 1 September 2026.
    assert_eq!(version["counted_to"], "2026-08-31");
    let path = "/reporting/v1/statistics?dimension=outcome&from=2022-03-01&to=2022-03-31";
    let table = service
        .get(path, &service.role("leader"))
        .await?
        .expect(200)?;
    assert_eq!(version["received"], table["received"]);
    assert_eq!(version["settled"], table["settled"]);
    assert_eq!(version["settled"], 2);
    let amount: i64 = lines(&service, &closed["id"], 1)
        .await?
        .iter()
        .map(|line| line.amount_fen)
        .sum();
    assert_eq!(table["amount_fen"], amount);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_a_version_that_names_the_difference() -> Result<()> {
    let service = service().await?;
    let closed = close(&service, json!({ "period": "2022-Q1" })).await?;
    let path = format!("{PATH}/{}/versions", closed["id"].as_str().unwrap());
    let token = service.role("centre_director");
    let reason = json!({ "reason": "补报" });
    service
        .post(&path, &token, reason.clone())
        .await?
        .expect_problem(409, "period-unchanged")?;

    // Facts of the county that came late.
    let late = Case {
        node: "620621",
        ..Case::new(30)
    };
    let facts = [late.accepted(), late.decided()].map(|fed| as_fact(&fed));
    feed(&service, &facts).await?;
    let stale = [("If-Match", "\"2\"")];
    service
        .post_with(&path, &token, reason.clone(), &stale)
        .await?
        .expect_problem(412, "stale-version")?;
    let key = [("Idempotency-Key", "correct-1")];
    let corrected = service
        .post_with(&path, &token, reason.clone(), &key)
        .await?;
    assert_eq!(corrected.version(), Some(2));
    let corrected = corrected.expect(201)?;
    let again = service.post_with(&path, &token, reason, &key).await?;
    assert_eq!(again.expect(201)?, corrected);

    assert_eq!(corrected["versions"][0], closed["versions"][0]);
    let second = &corrected["versions"][1];
    assert_eq!(
        (&second["received"], &second["reason"]),
        (&json!(6), &json!("补报"))
    );
    assert_eq!(
        second["changes"],
        json!([{ "node": "620621", "type_code": "neighbour", "outcome": "", "received_before": 0, "received": 1,
                 "amount_fen_before": 0, "amount_fen": 0 }])
    );
    assert_eq!(lines(&service, &closed["id"], 1).await?.len() + 1, {
        lines(&service, &closed["id"], 2).await?.len()
    });
    let events = service.published::<PeriodClosed>().await?;
    let versions: Vec<(i64, i64)> = events
        .iter()
        .map(|event| (event.version, event.received))
        .collect();
    assert_eq!(versions, [(1, 5), (2, 6)]);

    let admin = service.sql().await?;
    for sql in [
        "UPDATE reporting.period_versions SET settled = 0",
        "DELETE FROM reporting.period_lines",
    ] {
        assert!(admin.batch_execute(sql).await.is_err(), "{sql}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_closed_is_refused() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let token = service.role("evaluator");
    // It is 1 September 2026, 10 o'clock.
    for (body, status, code, pointer) in [
        (
            json!({ "period": "2026-09" }),
            409,
            "period-open",
            json!(null),
        ),
        (json!({ "period": "2026" }), 409, "period-open", json!(null)),
        (
            json!({ "period": "2026-08", "counted_to": "2026-09-01" }),
            409,
            "period-open",
            json!("/counted_to"),
        ),
        (
            json!({ "period": "2026-08", "counted_to": "2026-08-30" }),
            422,
            "period-invalid",
            json!("/counted_to"),
        ),
        (
            json!({ "period": "August" }),
            422,
            "period-invalid",
            json!("/period"),
        ),
        (json!({}), 422, "period-invalid", json!("/period")),
        (
            json!({ "period": "2026-08", "begins": "2026-08-01", "ends": "2026-08-31" }),
            422,
            "period-invalid",
            json!("/period"),
        ),
        (
            json!({ "begins": "2026-08-02", "ends": "2026-08-01" }),
            422,
            "period-invalid",
            json!("/ends"),
        ),
    ] {
        let answer = service.post(PATH, &token, body.clone()).await?;
        let problem = answer.expect_problem(status, code)?;
        assert_eq!(
            problem.get("pointer").cloned().unwrap_or_default(),
            pointer,
            "{body}"
        );
    }
    let closed = close(&service, json!({ "period": "2026-08" })).await?;
    let again = json!({ "begins": "2026-08-01", "ends": "2026-08-31" });
    service
        .post(PATH, &token, again)
        .await?
        .expect_problem(409, "period-closed")?;
    let path = format!("{PATH}/{}", closed["id"].as_str().unwrap());
    service
        .get(&format!("{path}/versions/2/lines"), &token)
        .await?
        .expect_problem(404, "not-found")?;
    service
        .post(
            &format!("{path}/versions"),
            &token,
            json!({ "reason": " " }),
        )
        .await?
        .expect_problem(422, "text-required")?;

    // A period is the whole node's.
    let part = service
        .token()
        .roles(["evaluator"])
        .region("620602")
        .sign()?;
    let body = json!({ "period": "2026-07" });
    service
        .post(PATH, &part, body.clone())
        .await?
        .expect_problem(422, "region-out-of-scope")?;
    service
        .get(&path, &part)
        .await?
        .expect_problem(404, "not-found")?;
    let list = service.get(PATH, &part).await?.expect(200)?;
    assert_eq!(list["items"], json!([]));
    service
        .post(PATH, &service.role("leader"), body)
        .await?
        .expect_problem(403, "forbidden")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_border_desk_is_told_the_figures_of_a_period_that_is_over() -> Result<()> {
    let service = service().await?;
    let ask = async |region: &str, period: &str| {
        let question = PeriodFigures {
            region: region.parse()?,
            period: period.to_owned(),
        };
        service.ask(Service::Federation, &question).await
    };
    let own = service.db()?.node().to_string();
    // Not closed: counted now, and what is settled later is settled.
    let counted = ask(&own, "2022-03").await?.unwrap();
    assert_eq!((counted.received, counted.settled), (4, 2));
    assert_eq!(counted.version, None);
    let typed: i64 = counted.types.iter().map(|one| one.received).sum();
    assert_eq!(typed + counted.residual, counted.received);
    assert_eq!(counted.nodes.len(), 2);
    // Closed: as it was closed.
    let body = json!({ "period": "2022-03", "counted_to": "2022-03-31" });
    close(&service, body).await?;
    let closed = ask(&own, "2022-03").await?.unwrap();
    assert_eq!((closed.received, closed.settled), (4, 1));
    assert_eq!(closed.version, Some(1));
    assert_eq!(closed.counted_to.to_string(), "2022-03-31");
    // Of a node below: always as it is counted here.
    let county = ask("620602", "2022-03").await?.unwrap();
    assert_eq!((county.received, county.version), (1, None));

    for (region, period, code) in [
        (own.as_str(), "2022-13", "period-invalid"),
        (own.as_str(), "2199-01", "period-open"),
        ("11", "2022-03", "region-out-of-scope"),
    ] {
        assert_eq!(ask(region, period).await?.err().as_deref(), Some(code));
    }
    Ok(())
}
