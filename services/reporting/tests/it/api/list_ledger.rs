//! `GET /reporting/v1/ledger`.

use anyhow::Result;
use contracts::events::mediation::MediationOutcome;
use reporting::Reporting;
use serde_json::{Value, json};
use testkit::TestService;

use crate::feed::{Case, at, feed};

const PATH: &str = "/reporting/v1/ledger";

fn numbers(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|row| row["acceptance_number"].as_str().unwrap_or("").to_owned())
        .collect()
}

fn number(case: u128) -> String {
    format!("武受〔2022〕{case}号")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_ledger_is_an_empty_list() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let page = service
        .get(PATH, &service.role("leader"))
        .await?
        .expect(200)?;
    assert_eq!(page, json!({ "items": [], "next_cursor": null }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_newest_first() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let events: Vec<_> = (1..=7).map(|number| Case::new(number).accepted()).collect();
    feed(&service, &events).await?;
    let token = service.role("leader");
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = service
            .get(&format!("{PATH}?limit=3{cursor}"), &token)
            .await?
            .expect(200)?;
        seen.push(numbers(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let expected = [vec![7, 6, 5], vec![4, 3, 2], vec![1]];
    assert_eq!(
        seen,
        expected.map(|page| page.into_iter().map(number).collect::<Vec<_>>())
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_not_accepted_yet_come_first_and_each_row_once() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let same_moment = Case {
        accepted_at: Case::new(4).accepted_at,
        ..Case::new(5)
    };
    let events = [
        Case::new(1).registered(),
        Case::new(2).registered(),
        Case::new(3).accepted(),
        Case::new(4).accepted(),
        same_moment.accepted(),
    ];
    feed(&service, &events).await?;
    let token = service.role("leader");
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = service
            .get(&format!("{PATH}?limit=1{cursor}"), &token)
            .await?
            .expect(200)?;
        seen.push(page["items"][0]["case_id"].clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let expected = [2, 1, 5, 4, 3].map(|number| json!(Case::new(number).id()));
    assert_eq!(seen, expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_and_scope() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let elsewhere = Case {
        region: "620702",
        ..Case::new(1)
    };
    let city = Case {
        region: "6206",
        ..Case::new(2)
    };
    let county = Case {
        region: "620621",
        type_code: "labour.wage_arrears".to_owned(),
        ..Case::new(3)
    };
    let late = Case {
        accepted_at: at("2022-06-30T16:00:00Z"),
        channel: "grid",
        ..Case::new(4)
    };
    let mut events = vec![
        elsewhere.accepted(),
        city.accepted(),
        county.accepted(),
        county.decided(),
        late.accepted(),
    ];
    events.extend(county.story());
    events.push(county.ended_on(20, MediationOutcome::Agreed));
    feed(&service, &events).await?;

    let leader = service.role("leader");
    for (query, expected) in [
        ("", vec![4, 3, 2]),
        ("?region=620621", vec![3]),
        ("?from=2022-07-01", vec![4]),
        ("?to=2022-06-30", vec![3, 2]),
        ("?class=dispute", vec![4, 3, 2]),
        ("?class=petition", vec![]),
        ("?type=labour", vec![3]),
        ("?type=labour.wage_arrears", vec![3]),
        ("?type=labour.wage", vec![]),
        ("?channel=grid&source=public", vec![4]),
        ("?route=peoples_mediation&track=simple&colour=blue", vec![3]),
        ("?outcome=agreed", vec![3]),
        ("?outcome=failed", vec![]),
        ("?closed=true", vec![3]),
        ("?closed=false", vec![4, 2]),
    ] {
        let page = service
            .get(&format!("{PATH}{query}"), &leader)
            .await?
            .expect(200)?;
        let expected: Vec<String> = expected.into_iter().map(number).collect();
        assert_eq!(numbers(&page), expected, "{query}");
    }

    let county_only = service.token().roles(["leader"]).region("620621").sign()?;
    let page = service.get(PATH, &county_only).await?.expect(200)?;
    assert_eq!(numbers(&page), [number(3)]);
    let outside = service
        .get(&format!("{PATH}?region=620602"), &county_only)
        .await?;
    let problem = outside.expect_problem(422, "region-out-of-scope")?;
    assert_eq!(problem["pointer"], "/region");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_question_is_refused() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    for (query, status, code) in [
        ("colour=pink", 400, "invalid-query"),
        ("from=2022-02-30", 400, "invalid-query"),
        ("from=2022-02-03&to=2022-02-01", 422, "period-invalid"),
        ("region=62060", 422, "invalid-region"),
        ("sort=up", 400, "invalid-query"),
        ("limit=0", 400, "invalid-query"),
        ("cursor=bm8", 400, "invalid-cursor"),
    ] {
        let answer = service
            .get(&format!("{PATH}?{query}"), &service.role("leader"))
            .await?;
        answer.expect_problem(status, code)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_read_is_refused() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    for role in [
        "applicant",
        "window_clerk",
        "triage_officer",
        "administrator",
    ] {
        service
            .get(PATH, &service.role(role))
            .await?
            .expect_problem(403, "forbidden")?;
    }
    Ok(())
}
