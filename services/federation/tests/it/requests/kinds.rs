//! Every kind: what it may and must say, where it may go, and how it ends.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    events::clock::{ClockBreached, ClockWarned},
    ids::CaseId,
};
use serde_json::{Value, json};
use testkit::service::eventually;

use super::support::*;

/// Kinds that go down, up, and sideways, with what ends them.
const DOWN: [(&str, &str); 8] = [
    ("assign", "finish"),
    ("forward", "finish"),
    ("transfer", "finish"),
    ("designate", "finish"),
    ("supervise", "finish"),
    ("circulate", "signature"),
    ("reference_data", "signature"),
    ("return_data", "signature"),
];
const UP: [(&str, &str); 4] = [
    ("report_up", "finish"),
    ("assist", "finish"),
    ("warn", "signature"),
    ("roll_up", "signature"),
];

async fn to_the_end(from: &Node, to: &Node, kind: &str, ends_with: &str) -> Result<()> {
    let nodes = [from, to];
    let id = sent(from, kind, to, id()).await?;
    assert_eq!(from.state(&id).await?, "sent", "{kind}");
    ship(&nodes).await?;
    assert_eq!(from.state(&id).await?, "delivered", "{kind}");
    assert_eq!(to.state(&id).await?, "delivered", "{kind}");
    to.step(&id, "sign", json!({})).await?.expect(200)?;
    ship(&nodes).await?;
    if ends_with == "finish" {
        assert_eq!(from.state(&id).await?, "signed", "{kind}");
        let report = json!({ "report": "已化解,双方签订协议" });
        to.step(&id, "finish", report).await?.expect(200)?;
        ship(&nodes).await?;
    }
    assert_eq!(from.state(&id).await?, "done", "{kind}");
    assert_eq!(to.state(&id).await?, "done", "{kind}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_goes_from_its_sending_to_its_end() -> Result<()> {
    let (county, city) = two().await?;
    for (kind, ends_with) in DOWN {
        to_the_end(&city, &county, kind, ends_with).await?;
    }
    for (kind, ends_with) in UP {
        to_the_end(&county, &city, kind, ends_with).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_goes_only_in_its_direction() -> Result<()> {
    let (county, city, other) = three().await?;
    let wrong = async |from: &Node, kind: &str, to: &Node| -> Result<()> {
        let answer = from.send(body(kind, to.code, id())).await?;
        let problem = answer.expect_problem(422, "wrong-direction")?;
        assert_eq!(problem["pointer"], "/to", "{kind}");
        Ok(())
    };
    for (kind, _) in DOWN {
        if !["forward", "transfer"].contains(&kind) {
            wrong(&county, kind, &city).await?;
            wrong(&county, kind, &other).await?;
        }
        wrong(&city, kind, &city).await?;
    }
    for kind in ["report_up", "roll_up"] {
        wrong(&city, kind, &county).await?;
        wrong(&county, kind, &other).await?;
    }
    assert_eq!(county.service.count("requests").await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_kind_needs_must_be_there_and_nothing_else() -> Result<()> {
    let (county, city) = two().await?;
    let case: CaseId = id();
    let changed = |kind: &str, to: &Node, field: &str, value: Value| {
        let mut body = body(kind, to.code, case);
        let (parent, key) = field.rsplit_once('/').unwrap();
        let parent = body.pointer_mut(parent).unwrap();
        if value.is_null() {
            parent.as_object_mut().unwrap().remove(key);
        } else {
            parent[key] = value;
        }
        body
    };
    let null = Value::Null;
    let long: String = "长".repeat(1001);
    for (kind, field, value, code) in [
        (
            "report_up",
            "/kind",
            json!("report"),
            "unknown-request-kind",
        ),
        ("report_up", "/case_id", null.clone(), "case-required"),
        ("report_up", "/reason", null.clone(), "reason-required"),
        ("report_up", "/reason", json!("  "), "reason-required"),
        ("report_up", "/reason", json!(long), "text-too-long"),
        (
            "report_up",
            "/reason",
            json!("当事人电话13812345678"),
            "invalid-body",
        ),
        (
            "report_up",
            "/reason",
            json!("身份证11010519491231002X"),
            "invalid-body",
        ),
        ("report_up", "/values/ask", null.clone(), "text-required"),
        ("report_up", "/values/ask", json!("keep"), "invalid-body"),
        ("report_up", "/values/asks", json!("x"), "invalid-body"),
        ("report_up", "/due_on", json!("2026-08-31"), "invalid-date"),
        ("roll_up", "/case_id", json!(case), "invalid-body"),
        ("roll_up", "/reason", json!("x"), "invalid-body"),
        ("roll_up", "/due_on", json!("2026-09-30"), "invalid-body"),
        ("roll_up", "/values/period", null.clone(), "text-required"),
        ("roll_up", "/values/total", json!(12), "invalid-body"),
        ("roll_up", "/values/total", json!("13"), "figures-differ"),
        ("warn", "/values/colour", json!("pink"), "invalid-body"),
        ("warn", "/to", json!("6299"), "wrong-direction"),
    ] {
        let body = changed(kind, &city, field, value);
        let answer = county.send(body).await?;
        if field == "/to" {
            // A node beside that nobody has introduced.
            answer.expect_problem(422, "unknown-node")?;
            continue;
        }
        let problem = answer.expect_problem(422, code)?;
        assert_eq!(problem["pointer"], field, "{kind}");
    }
    let answer = city
        .send(changed("assign", &county, "/due_on", null))
        .await?;
    let problem = answer.expect_problem(422, "deadline-required")?;
    assert_eq!(problem["pointer"], "/due_on");
    assert_eq!(county.service.count("requests").await?, 0);
    assert_eq!(city.service.count("up_outbox").await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_be_in_words_is_asked_for_at_every_step() -> Result<()> {
    let (county, city) = two().await?;
    let nodes = [&county, &city];
    let id = sent(&city, "assign", &county, id()).await?;
    ship(&nodes).await?;
    let refuse = county.step(&id, "refuse", json!({ "reason": " " })).await?;
    let problem = refuse.expect_problem(422, "reason-required")?;
    assert_eq!(problem["pointer"], "/reason");
    county.step(&id, "sign", json!({})).await?.expect(200)?;
    for body in [json!({}), json!({ "report": "" })] {
        let answer = county.step(&id, "finish", body).await?;
        let problem = answer.expect_problem(422, "closing-report-required")?;
        assert_eq!(problem["pointer"], "/report");
    }
    let answer = county.step(&id, "feed-back", json!({ "text": "" })).await?;
    answer.expect_problem(422, "reason-required")?;
    // A forwarded case needs no report.
    let id = sent(&city, "forward", &county, super::support::id()).await?;
    ship(&nodes).await?;
    county.step(&id, "sign", json!({})).await?.expect(200)?;
    county.step(&id, "finish", json!({})).await?.expect(200)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_red_warning_is_acknowledged_within_half_an_hour() -> Result<()> {
    let (county, city) = two().await?;
    let mut warning = body("warn", city.code, id());
    let due = async |warning: &Value| -> Result<Value> {
        let view = county.send(warning.clone()).await?.expect(201)?;
        let id = view["id"].as_str().unwrap().to_owned();
        ship(&[&county, &city]).await?;
        Ok(city.request(&id).await?["sign_due_at"].clone())
    };
    assert_eq!(due(&warning).await?, "2026-09-01T02:30:00Z");
    warning["values"]["colour"] = json!("yellow");
    assert_eq!(due(&warning).await?, "2026-09-02T16:00:00Z");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_stands_alone_sends_nothing() -> Result<()> {
    let alone = Node::start_with("620602", true, false).await?;
    let answer = alone.send(body("report_up", "6206".parse()?, id())).await?;
    answer.expect_problem(409, "not-federated")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_intake_has_not_accepted_is_not_handed_over() -> Result<()> {
    let county = Node::start_with("620602", false, true).await?;
    let city = Node::start("6206").await?;
    introduce(&[&county, &city]).await?;
    // The bus has nobody who answers.
    let answer = county.send(body("report_up", city.code, id())).await?;
    answer.expect_problem(503, "question-timed-out")?;
    assert_eq!(county.service.count("requests").await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_case_has_its_clock_from_the_delivery() -> Result<()> {
    let (county, city) = two().await?;
    let nodes = [&county, &city];
    let id = sent(&city, "circulate", &county, id()).await?;
    // A day on its way is none of the receiver's.
    county.service.time.advance(Duration::days(1));
    ship(&nodes).await?;
    let token = county.token("coordinator");
    let clocks = async |query: &str| -> Result<Vec<Value>> {
        let path = format!("/federation/v1/clocks?{query}");
        let page = county.service.get(&path, &token).await?.expect(200)?;
        Ok(page["items"].as_array().unwrap().clone())
    };
    let running = clocks("").await?;
    let [clock] = running.as_slice() else {
        panic!("{running:?}")
    };
    assert_eq!(clock["kind"], "request.sign");
    assert_eq!(clock["object_id"], id.as_str());
    assert_eq!(clock["due_at"], "2026-09-03T16:00:00Z");
    county.service.time.set("2026-09-03T12:00:00Z".parse()?);
    let told = async |warned: usize, breached: usize| {
        eventually("the clock tells", async || {
            Ok(
                county.service.published::<ClockWarned>().await?.len() == warned
                    && county.service.published::<ClockBreached>().await?.len() == breached,
            )
        })
        .await
    };
    told(1, 0).await?;
    county.service.time.set("2026-09-03T16:00:01Z".parse()?);
    told(1, 1).await?;
    assert_eq!(clocks("state=overdue").await?.len(), 1);
    county.step(&id, "sign", json!({})).await?.expect(200)?;
    assert!(clocks("").await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roll_up_and_a_return_of_data_carry_figures() -> Result<()> {
    let (county, city) = two().await?;
    let nodes = [&county, &city];
    let up = sent(&county, "roll_up", &city, id()).await?;
    let back = sent(&city, "return_data", &county, id()).await?;
    ship(&nodes).await?;
    // Of the county, as it counts itself: what need not be typed in was filled in.
    let request = city.request(&up).await?;
    assert_eq!(request["values"]["total"], "12");
    assert_eq!(request["values"]["residual"], "3");
    let figures = &request["figures"];
    assert_eq!(figures["received"], 12);
    assert_eq!(figures["types"][0]["received"], 9);
    assert_eq!(figures["version"], 1);
    // Of the county, as the city counts it: what the policy gives back, and no more.
    let request = county.request(&back).await?;
    let fields: Vec<&String> = request["figures"].as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "counted_to",
            "digest",
            "received",
            "residual",
            "settled",
            "types"
        ]
    );
    assert_eq!(request["figures"]["received"], 12);
    Ok(())
}
