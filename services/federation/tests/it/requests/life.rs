//! The life of a request at both nodes.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    events::federation::{AccountabilityMoved, CaseAdopted, RequestChanged},
    ids::CaseId,
};
use serde_json::{Value, json};

use super::support::*;

fn steps(request: &Value) -> Vec<&str> {
    let steps = request["steps"].as_array().unwrap().iter();
    steps.map(|step| step["step"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_reported_up_is_taken_over_worked_on_and_reported_back() -> Result<()> {
    let (county, city) = two().await?;
    let nodes = [&county, &city];
    let case: CaseId = id();
    let id = sent(&county, "report_up", &city, case).await?;
    assert_eq!(county.holder(case).await?, "620602");
    // The link was down for two hours; the receiver's time begins with the delivery.
    city.service.time.advance(Duration::hours(2));
    county.service.time.advance(Duration::hours(2));
    ship(&nodes).await?;
    for node in nodes {
        let request = node.request(&id).await?;
        assert_eq!(request["state"], "delivered");
        assert_eq!(request["network_delay_seconds"], 7200);
        assert_eq!(request["sent_at"], "2026-09-01T02:00:00Z");
        assert_eq!(request["sealed"], json!(node.code == city.code));
    }
    assert_eq!(
        city.request(&id).await?["return_until"],
        "2026-09-08T16:00:00Z"
    );
    let sql = "SELECT kind, state FROM federation.clocks ORDER BY kind";
    let clocks = city.service.sql().await?.query(sql, &[]).await?;
    let clocks: Vec<(String, String)> = clocks.iter().map(|r| (r.get(0), r.get(1))).collect();
    assert_eq!(clocks.len(), 2, "{clocks:?}");
    assert!(clocks.iter().all(|(_, state)| state == "running"));
    assert_eq!(county.service.count("clocks").await?, 0);

    city.step(&id, "sign", json!({})).await?.expect(200)?;
    assert_eq!(city.holder(case).await?, "6206");
    assert_eq!(county.holder(case).await?, "620602");
    ship(&nodes).await?;
    assert_eq!(county.holder(case).await?, "6206");
    for node in nodes {
        let moved = node.service.published::<AccountabilityMoved>().await?;
        let [moved] = moved.as_slice() else {
            panic!("{moved:?}")
        };
        assert_eq!((moved.from_node, moved.to_node), (county.code, city.code));
        assert_eq!(moved.case_id, case);
    }
    let adopted = city.service.published::<CaseAdopted>().await?;
    assert_eq!(adopted.len(), 1);
    assert_eq!(adopted[0].case_id, case);
    assert!(county.service.published::<CaseAdopted>().await?.is_empty());

    let text = json!({ "text": "已约谈双方" });
    city.step(&id, "feed-back", text).await?.expect(200)?;
    county.step(&id, "urge", json!({})).await?.expect(200)?;
    ship(&nodes).await?;
    let report = json!({ "report": "已化解" });
    city.step(&id, "finish", report.clone())
        .await?
        .expect(200)?;
    ship(&nodes).await?;
    let again = json!({ "reason": "未附协议" });
    county
        .step(&id, "rework", again.clone())
        .await?
        .expect(200)?;
    ship(&nodes).await?;
    assert_eq!(city.state(&id).await?, "signed");
    city.step(&id, "finish", report).await?.expect(200)?;
    ship(&nodes).await?;
    let answer = county.step(&id, "rework", again).await?;
    answer.expect_problem(409, "rework-already-asked")?;

    let (there, here) = (county.request(&id).await?, city.request(&id).await?);
    assert_eq!(there["state"], "done");
    assert_eq!(here["state"], "done");
    let mut sorted = (steps(&there), steps(&here));
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    assert_eq!(sorted.0, sorted.1);
    assert_eq!(sorted.0.len(), 8, "{sorted:?}");
    let changed = county.service.published::<RequestChanged>().await?;
    assert_eq!(changed.len(), 8, "{changed:?}");
    let clocks = city.service.sql().await?.query(sql, &[]).await?;
    assert!(clocks.iter().all(|r| r.get::<_, &str>(1) == "stopped"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ask_decides_whether_the_case_moves() -> Result<()> {
    let (county, city) = two().await?;
    for (ask, holder, dossiers) in [
        ("instruct", "620602", 1),
        ("co_handle", "620602", 2),
        ("handle", "6206", 3),
    ] {
        let case: CaseId = id();
        let mut body = body("report_up", city.code, case);
        body["values"] = json!({});
        body["ask"] = json!(ask);
        let view = county.send(body).await?.expect(201)?;
        let id = view["id"].as_str().unwrap();
        ship(&[&county, &city]).await?;
        city.step(id, "sign", json!({})).await?.expect(200)?;
        ship(&[&county, &city]).await?;
        assert_eq!(county.holder(case).await?, holder, "{ask}");
        assert_eq!(city.service.count("dossiers").await?, dossiers, "{ask}");
    }
    assert_eq!(city.service.published::<CaseAdopted>().await?.len(), 1);
    assert_eq!(city.service.count("accountability").await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_needs_a_reason_and_comes_within_five_working_days() -> Result<()> {
    let (county, city) = two().await?;
    let nodes = [&county, &city];
    let case: CaseId = id();
    let id = sent(&city, "assign", &county, case).await?;
    ship(&nodes).await?;
    let reason = json!({ "reason": "不属于本级管辖" });
    county
        .step(&id, "refuse", reason.clone())
        .await?
        .expect(200)?;
    ship(&nodes).await?;
    assert_eq!(city.state(&id).await?, "refused");
    assert_eq!(city.holder(case).await?, "6206");
    for step in ["sign", "finish"] {
        let answer = county.step(&id, step, json!({})).await?;
        answer.expect_problem(409, "transition-not-allowed")?;
    }
    // The dossier was never opened, and is gone.
    assert_eq!(county.service.count("dossiers").await?, 0);
    assert_eq!(county.request(&id).await?["sealed"], false);

    let late = sent(&city, "assign", &county, super::support::id()).await?;
    ship(&nodes).await?;
    county.service.time.set("2026-09-08T15:59:59Z".parse()?);
    let view = county.request(&late).await?;
    assert_eq!(view["return_until"], "2026-09-08T16:00:00Z");
    county.service.time.set("2026-09-08T16:00:00Z".parse()?);
    let answer = county.step(&late, "refuse", reason.clone()).await?;
    answer.expect_problem(409, "return-too-late")?;

    for kind in ["designate", "supervise"] {
        let id = sent(&city, kind, &county, super::support::id()).await?;
        ship(&nodes).await?;
        assert_eq!(county.request(&id).await?["return_until"], Value::Null);
        let answer = county.step(&id, "refuse", reason.clone()).await?;
        answer.expect_problem(409, "not-returnable")?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_is_in_time_only_before_the_signature() -> Result<()> {
    let (county, city) = two().await?;
    let nodes = [&county, &city];
    // Before the delivery.
    let first = sent(&city, "assign", &county, id()).await?;
    let view = city.step(&first, "recall", json!({})).await?.expect(200)?;
    assert_eq!(view["state"], "sent");
    assert_ne!(view["recall_asked_at"], Value::Null);
    let answer = city.step(&first, "recall", json!({})).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    ship(&nodes).await?;
    assert_eq!(city.state(&first).await?, "recalled");
    assert_eq!(county.state(&first).await?, "recalled");
    let answer = county.step(&first, "sign", json!({})).await?;
    answer.expect_problem(409, "transition-not-allowed")?;

    // The signature was first, though the recall was asked for before it was heard of.
    let case: CaseId = id();
    let second = sent(&city, "assign", &county, case).await?;
    ship(&nodes).await?;
    county.step(&second, "sign", json!({})).await?.expect(200)?;
    city.step(&second, "recall", json!({})).await?.expect(200)?;
    ship(&nodes).await?;
    assert_eq!(city.state(&second).await?, "signed");
    assert_eq!(county.state(&second).await?, "signed");
    assert_eq!(city.holder(case).await?, "620602");
    assert_eq!(county.holder(case).await?, "620602");
    let answer = city.step(&second, "recall", json!({})).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_side_takes_only_its_own_steps() -> Result<()> {
    let (county, city) = two().await?;
    let nodes = [&county, &city];
    let id = sent(&city, "assign", &county, id()).await?;
    ship(&nodes).await?;
    for (node, step, body) in [
        (&city, "sign", json!({})),
        (&city, "refuse", json!({ "reason": "x" })),
        (&city, "feed-back", json!({ "text": "x" })),
        (&city, "finish", json!({ "report": "x" })),
        (&county, "recall", json!({})),
        (&county, "urge", json!({})),
        (&county, "rework", json!({ "reason": "x" })),
    ] {
        let answer = node.step(&id, step, body).await?;
        answer.expect_problem(409, "transition-not-allowed")?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_regions_versions_and_keys_are_respected() -> Result<()> {
    let (county, city) = two().await?;
    let path = "/federation/v1/requests";
    let request = body("assign", county.code, id());
    let clerk = city.token("window_clerk");
    let answer = city.service.post(path, &clerk, request.clone()).await?;
    answer.expect_problem(403, "forbidden")?;
    let of_a_part = city.service.issuer.token().region("620602");
    let of_a_part = of_a_part.roles(["coordinator"]).sign()?;
    let answer = city.service.post(path, &of_a_part, request.clone()).await?;
    answer.expect_problem(403, "forbidden")?;

    let token = city.token("coordinator");
    let key = [("Idempotency-Key", "assign-1")];
    let post = async || {
        city.service
            .post_with(path, &token, request.clone(), &key)
            .await
    };
    let (first, second) = (post().await?, post().await?);
    assert_eq!(second.headers["idempotency-replayed"], "true");
    let view = first.expect(201)?;
    assert_eq!(view, second.expect(201)?);
    assert_eq!(city.service.count("requests").await?, 1);
    let id = view["id"].as_str().unwrap();
    let one = format!("{path}/{id}");
    let answer = city.service.get(&one, &of_a_part).await?;
    answer.expect_problem(404, "not-found")?;
    let urge = format!("{one}/urge");
    let stale = [("If-Match", "\"7\"")];
    let answer = city
        .service
        .post_with(&urge, &token, json!({}), &stale)
        .await?;
    answer.expect_problem(412, "stale-version")?;
    let fresh = [("If-Match", "\"1\"")];
    let answer = city
        .service
        .post_with(&urge, &token, json!({}), &fresh)
        .await?;
    assert_eq!(answer.version(), Some(2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_filtered_and_paged() -> Result<()> {
    let (county, city) = two().await?;
    let case: CaseId = id();
    let mut circulars = Vec::new();
    for _ in 0..3 {
        circulars.push(sent(&city, "circulate", &county, id()).await?);
    }
    sent(&city, "supervise", &county, case).await?;
    sent(&county, "warn", &city, case).await?;
    ship(&[&county, &city]).await?;
    for id in &circulars {
        county.step(id, "sign", json!({})).await?.expect(200)?;
    }
    ship(&[&county, &city]).await?;
    let token = city.token("centre_director");
    let list = async |query: &str| -> Result<Value> {
        let path = format!("/federation/v1/requests?{query}");
        city.service.get(&path, &token).await?.expect(200)
    };
    let count = async |query: &str| -> Result<usize> {
        Ok(list(query).await?["items"].as_array().unwrap().len())
    };
    assert_eq!(count("").await?, 5);
    assert_eq!(count("direction=incoming").await?, 1);
    assert_eq!(count("direction=outgoing").await?, 4);
    assert_eq!(count("state=done").await?, 3);
    assert_eq!(count("kind=supervise").await?, 1);
    assert_eq!(count(&format!("case_id={case}")).await?, 2);
    let page = list("limit=3").await?;
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(count(&format!("limit=3&cursor={cursor}")).await?, 2);
    Ok(())
}
