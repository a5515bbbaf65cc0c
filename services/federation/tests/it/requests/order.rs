//! Messages that come twice, too early, too late, or from nobody who may send them.

use anyhow::Result;
use chrono::Duration;
use contracts::{events::federation::AccountabilityMoved, ids::CaseId};
use serde_json::json;
use testkit::service::eventually;

use super::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_comes_twice_is_taken_once() -> Result<()> {
    let (county, city) = two().await?;
    let nodes = [&county, &city];
    let id = sent(&county, "report_up", &city, id()).await?;
    let letters = county.letters().await?;
    for _ in 0..3 {
        deliver(&nodes, &letters[0]).await?;
    }
    // Each time it is acknowledged: the sender may not have heard.
    let answers = city.letters().await?;
    assert_eq!(answers.len(), 3);
    for answer in &answers {
        deliver(&nodes, answer).await?;
    }
    city.step(&id, "sign", json!({})).await?.expect(200)?;
    let signed = city.letters().await?;
    for _ in 0..2 {
        deliver(&nodes, &signed[0]).await?;
    }
    assert_eq!(county.state(&id).await?, "signed");
    let steps = county.request(&id).await?["steps"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(steps, 3);
    let moved = county.service.published::<AccountabilityMoved>().await?;
    assert_eq!(moved.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_that_come_before_their_turn_wait() -> Result<()> {
    let (county, city) = two().await?;
    let nodes = [&county, &city];
    let case: CaseId = id();
    let id = sent(&county, "report_up", &city, case).await?;
    county.step(&id, "urge", json!({})).await?.expect(200)?;
    county.step(&id, "urge", json!({})).await?.expect(200)?;
    let mut letters = county.letters().await?;
    letters.reverse();
    for letter in &letters[..2] {
        deliver(&nodes, letter).await?;
    }
    assert_eq!(city.service.count("requests").await?, 0);
    deliver(&nodes, &letters[2]).await?;
    let steps = city.request(&id).await?["steps"].as_array().unwrap().len();
    assert_eq!(steps, 4);

    city.step(&id, "sign", json!({})).await?.expect(200)?;
    city.step(&id, "feed-back", json!({ "text": "已约谈" }))
        .await?
        .expect(200)?;
    city.step(&id, "finish", json!({})).await?.expect(200)?;
    let mut letters = city.letters().await?;
    letters.retain(|letter| letter.step.step != "seen");
    assert_eq!(letters.len(), 4);
    letters.reverse();
    for letter in &letters[..3] {
        deliver(&nodes, letter).await?;
        assert_eq!(county.state(&id).await?, "sent");
        assert_eq!(county.holder(case).await?, "620602");
    }
    deliver(&nodes, &letters[3]).await?;
    assert_eq!(county.state(&id).await?, "done");
    assert_eq!(county.holder(case).await?, "6206");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_honest_node_sends_is_refused() -> Result<()> {
    let (county, city, other) = three().await?;
    let case: CaseId = id();
    sent(&county, "report_up", &city, case).await?;
    let letter = county.letters().await?.remove(0);
    let refused = async |source, change: &dyn Fn(&mut contracts::border::RequestStep)| {
        let mut step = letter.step.clone();
        change(&mut step);
        let problem = city.take(source, &step).await.unwrap_err();
        assert_eq!(problem.code().code, "message-refused", "{step:?}");
    };
    refused(other.code, &|_| {}).await;
    refused(county.code, &|step| step.by_node = other.code).await;
    refused(county.code, &|step| step.kind = "assign".to_owned()).await;
    refused(county.code, &|step| step.kind = "unheard".to_owned()).await;
    refused(county.code, &|step| step.sealed = None).await;
    refused(county.code, &|step| step.case_id = None).await;
    refused(county.code, &|step| step.step = "eaten".to_owned()).await;
    refused(county.code, &|step| {
        step.sealed_text = None;
        step.text = Some("请予办理".to_owned());
        step.values = json!({ "ask": "all" });
    })
    .await;
    assert_eq!(city.service.count("requests").await?, 0);
    // A step of somebody else's request.
    let id = sent(&city, "assign", &county, super::support::id()).await?;
    ship(&[&county, &city]).await?;
    let mut step = letter.step.clone();
    step.request_id = id.parse()?;
    step.by_node = other.code;
    step.from_node = other.code;
    step.to_node = city.code;
    step.step = "signed".to_owned();
    let problem = city.take(other.code, &step).await.unwrap_err();
    assert_eq!(problem.code().code, "message-refused");
    assert_eq!(city.state(&id).await?, "delivered");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_acknowledged_is_sent_again_and_what_is_overdue_is_urged() -> Result<()> {
    let (county, city) = two().await?;
    let nodes = [&county, &city];
    let id = sent(&county, "report_up", &city, id()).await?;
    let lost = county.letters().await?;
    county.service.time.advance(Duration::minutes(11));
    eventually("it was sent again", async || {
        Ok(county.service.count("up_outbox").await? == 2)
    })
    .await?;
    let again = county.letters().await?;
    // The same, its words sealed anew.
    let mut first = lost[0].step.clone();
    first.sealed_text.clone_from(&again[0].step.sealed_text);
    assert_eq!(again[0].step, first);
    deliver(&nodes, &again[0]).await?;
    ship(&nodes).await?;
    county.service.time.advance(Duration::minutes(11));
    assert_eq!(county.state(&id).await?, "delivered");

    county.service.time.advance(Duration::days(2));
    eventually("it was urged", async || {
        Ok(county
            .service
            .count("up_outbox WHERE payload->>'step' = 'urged'")
            .await?
            == 1)
    })
    .await?;
    ship(&nodes).await?;
    let steps = city.request(&id).await?;
    let last = steps["steps"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["step"], "urged");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_is_sent_again_until_the_other_node_has_seen_it() -> Result<()> {
    let (county, city) = two().await?;
    let nodes = [&county, &city];
    let case: CaseId = id();
    // Both ways: one signs upward, the other downward with the case file.
    let up = sent(&county, "report_up", &city, case).await?;
    let down = sent(&city, "supervise", &county, case).await?;
    ship(&nodes).await?;
    for (node, id) in [(&city, &up), (&county, &down)] {
        node.step(id, "sign", json!({})).await?.expect(200)?;
    }
    // The streams have lost it.
    let lost = [city.letters().await?, county.letters().await?];
    assert_eq!(lost.each_ref().map(Vec::len), [1, 1]);
    assert_eq!(county.state(&up).await?, "delivered");
    for node in nodes {
        node.service.time.advance(Duration::minutes(11));
        eventually("it was sent again", async || {
            let signed = "_outbox WHERE payload->>'step' = 'signed'";
            let both = [format!("up{signed}"), format!("down{signed}")];
            let up = node.service.count(&both[0]).await?;
            Ok(up + node.service.count(&both[1]).await? == 2)
        })
        .await?;
    }
    ship(&nodes).await?;
    assert_eq!(county.state(&up).await?, "signed");
    assert_eq!(city.state(&down).await?, "signed");
    assert_eq!(city.service.count("dossiers").await?, 2);
    // Nothing is kept for sending any more.
    for node in nodes {
        assert_eq!(node.service.count("unseen_steps").await?, 0);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_release_is_understood_and_not_told_what_it_does_not_know() -> Result<()> {
    let (county, city) = two().await?;
    let nodes = [&county, &city];
    let id = sent(&county, "report_up", &city, id()).await?;
    let text = json!({ "text": "请尽快答复" });
    county.step(&id, "urge", text).await?.expect(200)?;
    for mut letter in county.letters().await? {
        assert_eq!(
            (&letter.step.text, &letter.step.values),
            (&None, &json!({}))
        );
        if letter.step.step == "sent" {
            letter.step.values = json!({ "ask": "handle" });
        }
        letter.step.sealed_text = None;
        letter.step.text = Some("原样可读".to_owned());
        letter.step.awaits_seen = false;
        deliver(&nodes, &letter).await?;
    }
    let request = city.request(&id).await?;
    assert_eq!(request["reason"], "原样可读");
    let steps = request["steps"].as_array().unwrap();
    assert_eq!(steps.last().unwrap()["text"], "原样可读");
    let letters = city.letters().await?;
    assert!(letters.iter().all(|letter| letter.step.step != "seen"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_again_to_a_node_that_was_taken_off() -> Result<()> {
    let (county, city) = two().await?;
    let id = sent(&city, "assign", &county, id()).await?;
    ship(&[&county, &city]).await?;
    city.step(&id, "urge", json!({})).await?.expect(200)?;
    sent(&city, "circulate", &county, super::support::id()).await?;
    let lost = city.letters().await?.len();
    assert_eq!(lost, 2);
    let admin = city.service.sql().await?;
    let taken_off = "UPDATE federation.children SET removed_at = now()";
    admin.execute(taken_off, &[]).await?;
    let keys = "DELETE FROM federation.nodes_keys";
    admin.execute(keys, &[]).await?;
    city.service.time.advance(Duration::minutes(11));
    let waits = "unseen_steps WHERE again_at > since + interval '15 minutes'";
    eventually("both were looked at", async || {
        let again = "requests WHERE state = 'sent' AND resend_at > sent_at + interval '15 minutes'";
        let count = city.service.count(waits).await? + city.service.count(again).await?;
        Ok(count == 2)
    })
    .await?;
    assert!(city.letters().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_sent_again_keeps_no_other_waiting() -> Result<()> {
    let city = Node::start("6206").await?;
    let west = Node::start("620602").await?;
    let east = Node::start("620621").await?;
    introduce(&[&city, &west, &east]).await?;
    // A request and a step each.
    for county in [&west, &east] {
        let id = sent(&city, "assign", county, super::support::id()).await?;
        ship(&[&city, county]).await?;
        city.step(&id, "urge", json!({})).await?.expect(200)?;
        sent(&city, "assign", county, super::support::id()).await?;
    }
    _ = city.letters().await?;
    // A row that an earlier release kept without a look at the key.
    let admin = city.service.sql().await?;
    let broken = "UPDATE federation.nodes_keys SET sealing_key = 'XNONE' WHERE code = '620602'";
    admin.execute(broken, &[]).await?;
    let words =
        "UPDATE federation.unseen_steps SET message = jsonb_set(message, '{text}', '\"请抓紧\"')";
    admin.execute(words, &[]).await?;
    city.service.time.advance(Duration::minutes(11));
    eventually("the others were sent again", async || {
        let letters = "down_outbox WHERE nats_subject LIKE 'down.62.06.21.%'";
        Ok(city.service.count(letters).await? >= 6)
    })
    .await?;
    // The broken ones wait for another time.
    eventually("they are put off", async || {
        let now = city.service.time.now().to_rfc3339();
        let due = format!("requests WHERE resend_at <= '{now}'");
        let steps = format!("unseen_steps WHERE again_at <= '{now}'");
        Ok(city.service.count(&due).await? + city.service.count(&steps).await? == 0)
    })
    .await?;
    let letters = city.letters().await?;
    assert!(letters.iter().all(|letter| letter.to == Some(east.code)));
    Ok(())
}
