//! `POST /imports`.

use anyhow::Result;
use serde_json::{Value, json};

use crate::support::*;

const HEADING: &str = "原系统编号,region,class,source,type,narrative,amount_fen,notice_version,applicant_name,applicant_number,applicant_phone,respondent_name,respondent_kind";
const GOOD: &str = "A-1,620602,dispute,department,neighbour,楼上漏水,500000,2026-01,张三,11010519491231002X,13812345678,某物业公司,legal_person";

async fn send(
    service: &Service,
    token: &str,
    query: &str,
    kind: &str,
    body: Vec<u8>,
) -> Result<(u16, Value)> {
    send_with(service, token, query, &[("content-type", kind)], body).await
}

async fn send_with(
    service: &Service,
    token: &str,
    query: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Result<(u16, Value)> {
    let path = format!("http://{}/intake/v1/imports?{query}", service.address());
    let client = reqwest::Client::builder().build()?;
    let mut request = client.post(path).bearer_auth(token);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.body(body).send().await?;
    Ok((answer.status().as_u16(), answer.json().await?))
}

async fn csv(service: &Service, query: &str, lines: &[&str]) -> Result<Value> {
    let clerk = service.role("window_clerk");
    let body = format!("{HEADING}\n{}\n", lines.join("\n")).into_bytes();
    let (status, report) = send(service, &clerk, query, "text/csv", body).await?;
    assert_eq!(status, 200, "{report}");
    Ok(report)
}

fn numbers(report: &Value) -> Vec<u64> {
    ["rows", "valid", "registered", "known"]
        .iter()
        .filter_map(|name| report[name].as_u64())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_taken_over_once_all_or_nothing_or_its_right_rows() -> Result<()> {
    let service = Service::start().await?;
    let second = GOOD.replace("A-1", "A-2").replace("张三", "李四");
    let wrong = GOOD
        .replace("A-1", "A-3")
        .replace("11010519491231002X", "123");
    let lines = [GOOD, &second, &wrong];
    let dry = csv(&service, "system=12345&dry_run=true", &lines[..2]).await?;
    assert_eq!(numbers(&dry), [2, 2, 0, 0]);
    let nothing = csv(&service, "system=12345", &lines).await?;
    assert_eq!(numbers(&nothing), [3, 2, 0, 0]);
    let error = &nothing["errors"][0];
    assert_eq!(
        (&error["row"], &error["column"], &error["code"]),
        (
            &json!(4),
            &json!("applicant_number"),
            &json!("identifier-invalid")
        )
    );
    assert!(!error.to_string().contains("123\""), "{error}");
    nothing_stored(&service).await?;

    let some = csv(&service, "system=12345&valid_rows_only=true", &lines).await?;
    assert_eq!(numbers(&some), [3, 2, 2, 0]);
    let again = csv(&service, "system=12345", &lines[..2]).await?;
    assert_eq!(numbers(&again), [2, 0, 0, 2]);
    let other_system = csv(&service, "system=court", &lines[..1]).await?;
    assert_eq!(numbers(&other_system), [1, 1, 1, 0]);
    assert_eq!(
        (
            service.count("matters").await?,
            service.count("outbox").await?
        ),
        (3, 3)
    );
    let clerk = service.role("window_clerk");
    let page = service
        .get("/intake/v1/matters?channel=import&type=neighbour", &clerk)
        .await?
        .expect(200)?;
    assert_eq!(page["total"], 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_key_gives_the_first_report_and_no_other_table() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let headers = [("content-type", "text/csv"), ("idempotency-key", "k-1")];
    let table = |row: &str| format!("{HEADING}\n{row}\n").into_bytes();
    let query = "system=12345";
    let first = send_with(&service, &clerk, query, &headers, table(GOOD)).await?;
    assert_eq!((first.0, numbers(&first.1)), (200, vec![1, 1, 1, 0]));
    // Without the key it would say that all is known.
    let again = send_with(&service, &clerk, query, &headers, table(GOOD)).await?;
    assert_eq!(again, first);
    let other = GOOD.replace("A-1", "A-2");
    let (status, problem) = send_with(&service, &clerk, query, &headers, table(&other)).await?;
    assert_eq!(
        (status, &problem["code"]),
        (422, &json!("idempotency-key-reused"))
    );
    assert_eq!(service.count("matters").await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_cell_is_named_and_a_file_that_is_none_refused() -> Result<()> {
    let service = Service::start().await?;
    let mut lines: Vec<String> = Vec::new();
    for (number, (from, to)) in [
        ("620602", "629999x"),
        ("620602", "620702"),
        ("dispute", "lawsuit"),
        ("department", "hearsay"),
        ("neighbour", "weather"),
        ("楼上漏水", ""),
        ("500000", "five"),
        ("张三", ""),
        ("13812345678", "电话"),
        ("legal_person", "ghost"),
        ("A-1", ""),
    ]
    .into_iter()
    .enumerate()
    {
        let line = GOOD.replace(from, to);
        lines.push(if from == "A-1" {
            line
        } else {
            line.replace("A-1", &format!("B-{number}"))
        });
    }
    lines.push(lines[0].clone());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let report = csv(&service, "system=12345", &lines).await?;
    let found: Vec<String> = report["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| {
            format!(
                "{} {} {}",
                error["row"],
                error["column"].as_str().unwrap_or("-"),
                error["code"].as_str().unwrap_or("-")
            )
        })
        .collect();
    insta::assert_snapshot!(found.join("\n"), @r"
    2 region import-cell-invalid
    3 region region-out-of-scope
    4 class import-cell-invalid
    5 source unknown-source
    6 type unknown-dispute-type
    7 narrative text-required
    8 amount_fen import-cell-invalid
    9 applicant_name text-required
    10 applicant_phone invalid-body
    11 respondent_kind import-cell-invalid
    12 source_id import-cell-invalid
    13 source_id import-row-repeated
    ");
    nothing_stored(&service).await?;

    let clerk = service.role("window_clerk");
    let body = format!("{HEADING}\n{GOOD}\n").into_bytes();
    for (query, kind, body, status, code) in [
        (
            "system=x",
            "application/json",
            b"[]".to_vec(),
            422,
            "import-unreadable",
        ),
        (
            "system=x",
            "text/csv",
            b"region\n".to_vec(),
            422,
            "import-column-missing",
        ),
        ("system=%20", "text/csv", body.clone(), 400, "invalid-query"),
        (
            "dry_run=true",
            "text/csv",
            body.clone(),
            400,
            "invalid-query",
        ),
    ] {
        let (found, problem) = send(&service, &clerk, query, kind, body).await?;
        assert_eq!((found, &problem["code"]), (status, &json!(code)));
    }
    let applicant = service.role("applicant");
    let (status, _) = send(&service, &applicant, "system=x", "text/csv", body).await?;
    assert_eq!(status, 403);
    Ok(())
}
