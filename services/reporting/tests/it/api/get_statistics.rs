//! `GET /reporting/v1/statistics`.

use anyhow::Result;
use contracts::events::mediation::MediationOutcome;
use reporting::Reporting;
use serde_json::{Value, json};
use testkit::TestService;

use crate::feed::{Case, feed};

const PATH: &str = "/reporting/v1/statistics";

/// Code and count of the rows that have cases, and the residual.
fn filled(table: &Value) -> Vec<(String, u64)> {
    let rows = table["rows"]
        .as_array()
        .unwrap()
        .iter()
        .chain([&table["residual"]]);
    rows.map(|row| {
        (
            row["code"].as_str().unwrap_or("residual").to_owned(),
            row["count"].as_u64().unwrap(),
        )
    })
    .filter(|(_, count)| *count > 0)
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shape_of_a_table() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let settled = Case {
        amount_fen: Some(100),
        ..Case::new(1)
    };
    let open = Case {
        amount_fen: Some(20),
        ..Case::new(2)
    };
    feed(
        &service,
        &[
            settled.accepted(),
            settled.decided(),
            settled.ended(MediationOutcome::SelfSettled),
            open.accepted(),
        ],
    )
    .await?;
    let path = format!("{PATH}?dimension=track&from=2022-03-01&to=2022-03-31");
    let table = service
        .get(&path, &service.role("triage_officer"))
        .await?
        .expect(200)?;
    insta::assert_json_snapshot!(table, { ".policy_version" => "[version]" });
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_split_counts_every_case_once() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let regions = ["6206", "620602", "620602001", "620621"];
    let mut events = Vec::new();
    for (number, region) in (1..).zip(regions) {
        let case = Case {
            region,
            source: if number == 1 {
                "unheard_of"
            } else {
                "screening"
            },
            ..Case::new(number)
        };
        events.push(case.accepted());
        if number > 2 {
            events.extend([case.decided(), case.ended(MediationOutcome::Withdrawn)]);
        }
    }
    // Registered, not accepted: not received.
    events.push(Case::new(9).registered());
    feed(&service, &events).await?;
    let token = service.role("leader");
    let rows = |pairs: &[(&str, u64)]| {
        pairs
            .iter()
            .map(|(code, count)| ((*code).to_owned(), *count))
            .collect::<Vec<_>>()
    };
    for (query, expected) in [
        ("type", rows(&[("neighbour", 2), ("residual", 2)])),
        (
            "region",
            rows(&[("620602", 2), ("620621", 1), ("residual", 1)]),
        ),
        (
            "region&level=township",
            rows(&[("620602001", 1), ("residual", 3)]),
        ),
        ("region&level=city", rows(&[("6206", 4)])),
        (
            "region&region=620602",
            rows(&[("620602001", 1), ("residual", 1)]),
        ),
        ("source", rows(&[("screening", 3), ("residual", 1)])),
        ("channel", rows(&[("window", 4)])),
        ("class", rows(&[("dispute", 4)])),
        ("route", rows(&[("peoples_mediation", 2), ("residual", 2)])),
        ("track", rows(&[("simple", 2), ("residual", 2)])),
        ("colour", rows(&[("blue", 2), ("residual", 2)])),
        ("outcome", rows(&[("withdrawn", 2), ("residual", 2)])),
    ] {
        let table = service
            .get(&format!("{PATH}?dimension={query}"), &token)
            .await?
            .expect(200)?;
        assert_eq!(filled(&table), expected, "{query}");
        assert_eq!(table["total_check"]["balanced"], true);
    }
    // A county's leader counts the county.
    let county = service.token().roles(["leader"]).region("620602").sign()?;
    let table = service
        .get(&format!("{PATH}?dimension=class"), &county)
        .await?
        .expect(200)?;
    assert_eq!(table["received"], 2);
    assert_eq!(table["cases"]["region"], "620602");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_received_is_no_rate() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let table = service
        .get(&format!("{PATH}?dimension=type"), &service.role("leader"))
        .await?
        .expect(200)?;
    assert_eq!(table["received"], 0);
    assert_eq!(table["settled_rate_pct"], Value::Null);
    // The node's own column set.
    assert_eq!(table["column_set"], "wuwei_2022");
    assert_eq!(
        table["total_check"],
        json!({ "parts": 0, "residual": 0, "total": 0, "balanced": true })
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_question_is_refused() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    for (query, status, code, pointer) in [
        ("", 400, "invalid-query", "/dimension"),
        ("dimension=weather", 422, "unknown-dimension", "/dimension"),
        (
            "dimension=type&columns=none",
            422,
            "unknown-column-set",
            "/columns",
        ),
        (
            "dimension=track&columns=moj_15",
            422,
            "unknown-column-set",
            "/columns",
        ),
        (
            "dimension=type&from=2022-07-01&to=2022-06-30",
            422,
            "period-invalid",
            "/to",
        ),
        (
            "dimension=type&from=2022-13-01",
            400,
            "invalid-query",
            "/from",
        ),
        (
            "dimension=type&rounding=banker",
            400,
            "invalid-query",
            "/rounding",
        ),
        (
            "dimension=region&level=province",
            400,
            "invalid-query",
            "/level",
        ),
        (
            "dimension=type&region=6207",
            422,
            "region-out-of-scope",
            "/region",
        ),
        ("dimension=type&colour=red", 400, "invalid-query", "/colour"),
    ] {
        let answer = service
            .get(&format!("{PATH}?{query}"), &service.role("leader"))
            .await?;
        assert_eq!(
            answer.expect_problem(status, code)?["pointer"],
            pointer,
            "{query}"
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_read_is_refused() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    for role in ["applicant", "mediator", "court_user"] {
        let token = service.role_in(
            role,
            Case::new(1).object::<contracts::ids::OrganisationId>(5),
        );
        service
            .get(&format!("{PATH}?dimension=type"), &token)
            .await?
            .expect_problem(403, "forbidden")?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_that_was_given_up_for_another_way_is_not_settled() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let (kept, given_up, failed) = (Case::new(1), Case::new(2), Case::new(3));
    let mut events = Vec::new();
    for case in [&kept, &given_up, &failed] {
        events.extend([case.accepted(), case.decided()]);
    }
    events.extend([
        kept.ended(MediationOutcome::Agreed),
        given_up.transferred_on(20, Some("failed")),
        given_up.ended(MediationOutcome::Agreed),
        failed.ended(MediationOutcome::Refused),
        // It ended as it did; where it goes then changes nothing.
        failed.transferred_on(20, None),
    ]);
    feed(&service, &events).await?;
    let token = service.role("leader");
    let path = format!("{PATH}?dimension=outcome&from=2022-03-01&to=2022-03-31");
    let table = service.get(&path, &token).await?.expect(200)?;
    let figures = [&table["received"], &table["concluded"], &table["settled"]];
    assert_eq!(figures.map(Value::as_u64), [Some(3), Some(3), Some(1)]);
    let row = |code: &str| {
        let mut rows = table["rows"].as_array().unwrap().iter();
        rows.find(|row| row["code"] == code).unwrap()["count"].clone()
    };
    assert_eq!([row("agreed"), row("failed"), row("refused")], [1, 1, 1]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_routes_without_mediation_finish_counts_by_route_and_in_all() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let on = |number, route| Case {
        route,
        ..Case::new(number)
    };
    let (mediated, settled, ended) = (
        Case::new(1),
        on(2, "labour_arbitration"),
        on(3, "labour_arbitration"),
    );
    let (sent_back, done_again) = (on(4, "petition"), on(5, "petition"));
    let mut events = Vec::new();
    for case in [&mediated, &settled, &ended, &sent_back, &done_again] {
        events.extend([case.accepted(), case.decided()]);
    }
    events.extend([
        mediated.ended(MediationOutcome::Agreed),
        settled.completed_on(9, true),
        ended.completed_on(9, false),
        // Sent back: not concluded until it is finished again.
        sent_back.reworked_on(10),
        sent_back.completed_on(9, true),
        done_again.completed_on(9, false),
        done_again.reworked_on(10),
        done_again.completed_on(12, true),
    ]);
    feed(&service, &events).await?;
    let token = service.role("leader");
    let split = async |dimension: &str| {
        let path = format!("{PATH}?dimension={dimension}&from=2022-03-01&to=2022-03-31");
        service.get(&path, &token).await?.expect(200)
    };
    let table = split("route").await?;
    let figures =
        |of: &Value| [&of["received"], &of["settled"], &of["concluded"]].map(Value::as_u64);
    assert_eq!(figures(&table), [Some(5), Some(3), Some(4)]);
    let row = |code: &str| {
        let rows = table["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["code"] == code).unwrap();
        [&row["count"], &row["settled"], &row["concluded"]].map(|one| one.as_u64().unwrap())
    };
    assert_eq!(row("peoples_mediation"), [1, 1, 1]);
    assert_eq!(row("labour_arbitration"), [2, 1, 2]);
    assert_eq!(row("petition"), [2, 1, 1]);
    for of in ["settled", "concluded"] {
        let rows = table["rows"].as_array().unwrap().iter();
        let sum: u64 = rows.map(|row| row[of].as_u64().unwrap()).sum();
        assert_eq!(Some(sum), table[of].as_u64(), "{of}");
    }
    let outcomes = split("outcome").await?;
    let counted: Vec<_> = outcomes["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["count"] != 0)
        .map(|row| {
            (
                row["code"].as_str().unwrap(),
                row["count"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        counted,
        [("agreed", 1), ("other_settled", 2), ("other_ended", 1)]
    );
    assert_eq!(outcomes["residual"]["count"], 1);
    let ledger = "/reporting/v1/ledger?route=labour_arbitration&outcome=other_settled";
    let rows = service.get(ledger, &token).await?.expect(200)?;
    assert_eq!(rows["items"].as_array().unwrap().len(), 1);

    // A closed period counts the same from the log.
    let body = serde_json::json!({ "period": "2022-03" });
    let closed = service
        .post("/reporting/v1/periods", &service.role("evaluator"), body)
        .await?
        .expect(201)?;
    assert_eq!(closed["versions"][0]["settled"], 3, "{closed}");
    Ok(())
}
