//! `GET /matters` by what is known of a matter (IN-22).

use anyhow::Result;
use contracts::{
    Service as From,
    events::triage::{RiskColour, Track, TriageDecided},
};
use serde_json::{Value, json};

use crate::support::*;

/// The ids found, the newest first, and how many there are.
async fn found(service: &Service, token: &str, query: &[(&str, &str)]) -> Result<Value> {
    let query: Vec<_> = query
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    let path = format!("/intake/v1/matters?{}", query.join("&"));
    service.get(&path, token).await?.expect(200)
}

/// As a query string carries it.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn ids_of(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().expect("items");
    items
        .iter()
        .filter_map(|item| item["id"].as_str())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_finds_its_matter_and_the_scope_stays() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let first = register(&service, dispute()).await?;
    let (first_id, first_case) = ids(&first)?;
    let accepted = service
        .post(
            &format!("/intake/v1/matters/{first_id}/accept"),
            &clerk,
            json!({}),
        )
        .await?
        .expect(200)?;
    let mut other = dispute_with("/narrative", json!("公司拖欠工资，ABC公司 2026 年合同"));
    other["source"] = json!("superior");
    other["channel"] = json!("hotline");
    other["type_hint"] = json!("labour.wage_arrears");
    other["parties"][0] = json!({ "side": "applicant", "kind": "natural_person", "name": "李四" });
    let (other, _) = ids(&register(&service, other).await?)?;
    let (first, other) = (first_id.to_string(), other.to_string());
    let both = vec![other.as_str(), first.as_str()];
    let number = text(&accepted, "/acceptance_number")?;

    let nobody: Vec<&str> = Vec::new();
    for (query, expected) in [
        (vec![("text", "空调外机")], vec![first.as_str()]),
        (vec![("text", "无果 邻居")], vec![first.as_str()]),
        (vec![("text", "外机工资")], nobody.clone()),
        (vec![("text", "abc")], vec![other.as_str()]),
        (vec![("text", "ＡＢＣ 拖欠")], vec![other.as_str()]),
        (vec![("acceptance_number", number)], vec![&first]),
        (vec![("acceptance_number", "枫受字")], nobody.clone()),
        (vec![("status", "accepted")], vec![&first]),
        (vec![("status", "closed")], nobody.clone()),
        (vec![("type", "labour")], vec![&other]),
        (vec![("type", "lab%")], nobody.clone()),
        (vec![("source", "superior")], vec![&other]),
        (vec![("channel", "window")], vec![&first]),
        (vec![("party_name", "李四")], vec![&other]),
        (vec![("party_name", "某物业公司")], both.clone()),
        (
            vec![
                ("party_name", "张三"),
                ("party_number", "11010519491231002x"),
            ],
            vec![&first],
        ),
        (
            vec![
                ("party_name", "李四"),
                ("party_number", "11010519491231002X"),
            ],
            nobody.clone(),
        ),
        (
            vec![("organisation", organisation().to_string().as_str())],
            nobody.clone(),
        ),
        (vec![("place_code", "620602-0017")], nobody.clone()),
        (vec![("file_number", "人调字第1号")], nobody.clone()),
        (vec![("from", "2026-09-01"), ("text", "公司")], vec![&other]),
    ] {
        let page = found(&service, &clerk, &query).await?;
        assert_eq!(ids_of(&page), expected, "{query:?}");
        assert_eq!(page["total"], expected.len(), "{query:?}");
        assert_eq!(page["total_capped"], false);
    }

    // Triage's type takes the place of the one at registration; who has the case is found too.
    let decided = TriageDecided {
        case_id: first_case,
        region: "620602".parse()?,
        type_code: "labour.wage_arrears".to_owned(),
        route: "peoples_mediation".to_owned(),
        track: Track::Simple,
        colour: RiskColour::Blue,
        as_proposed: false,
        decided_by: "officer".to_owned(),
        decided_at: service.time.now(),
    };
    service.publish(From::Triage, first_case, &decided).await?;
    dispatched(&service, first_case, organisation(), service.time.now()).await?;
    let office = organisation().to_string();
    for (query, expected) in [
        (("type", "labour"), both),
        (("type", "neighbour"), nobody),
        (("organisation", office.as_str()), vec![first.as_str()]),
    ] {
        let page = found(&service, &clerk, &[query]).await?;
        assert_eq!(ids_of(&page), expected, "{query:?}");
    }

    let person = service
        .token()
        .roles(["applicant"])
        .subject("account-zhang")
        .sign()?;
    let own = found(&service, &person, &[("party_name", "某物业公司")]).await?;
    assert_eq!(ids_of(&own), [first.as_str()], "both have this party");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_what_cannot_be_looked_for() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let long = "空调".repeat(51);
    for query in ["空", "，。", long.as_str()] {
        let path = format!("/intake/v1/matters?text={}", encoded(query));
        let problem = service
            .get(&path, &clerk)
            .await?
            .expect_problem(400, "invalid-query")?;
        assert_eq!(problem["pointer"], "/text");
    }
    let grid = service.role("grid_worker");
    let path = format!("/intake/v1/matters?party_name={}", encoded("张三"));
    service
        .get(&path, &grid)
        .await?
        .expect_problem(403, "forbidden")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_is_found_by_its_index_and_counts_have_a_bound() -> Result<()> {
    let service = Service::start().await?;
    register(&service, dispute()).await?;
    let client = service.sql().await?;
    client
        .batch_execute(
            "INSERT INTO intake.cases SELECT gen_random_uuid(), '620602', 'registered', 0, now() FROM generate_series(1, 10050);
             INSERT INTO intake.matters (id, case_id, version, region, state, class, source, channel, narrative, persons_involved,
                 notice_version, policy_version, registered_by, created_at, updated_at)
             SELECT gen_random_uuid(), id, 1, region, 'registered', 'dispute', 'public', 'window', '欠货款' || n || '元不还', 1,
                 '1', '1', 'x', now() - n * interval '1 minute', now()
             FROM (SELECT id, region, row_number() OVER () AS n FROM intake.cases WHERE status_order = 0) AS c",
        )
        .await?;
    client
        .batch_execute("VACUUM ANALYZE intake.matters")
        .await?;
    let plan = client
        .query(
            "EXPLAIN SELECT id FROM intake.matters WHERE region LIKE '62%' AND search_terms @> intake.search_terms('空调外机')
             ORDER BY created_at DESC, id DESC LIMIT 51",
            &[],
        )
        .await?;
    let plan: Vec<String> = plan.iter().map(|line| line.get(0)).collect();
    let plan = plan.join("\n");
    assert!(plan.contains("matters_search_terms"), "{plan}");

    let clerk = service.role("window_clerk");
    let page = found(&service, &clerk, &[("text", "货款")]).await?;
    assert_eq!(
        (&page["total"], &page["total_capped"]),
        (&json!(10_000), &json!(true))
    );
    let page = found(&service, &clerk, &[("text", "空调")]).await?;
    assert_eq!(
        (&page["total"], &page["total_capped"]),
        (&json!(1), &json!(false))
    );
    Ok(())
}
