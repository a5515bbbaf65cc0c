//! The dossier: sealed on its way, opened by the receiver alone.

use anyhow::Result;
use contracts::{
    Service,
    events::federation::CaseAdopted,
    ids::{CaseId, RequestId},
    questions::{CaseDossier, ReceivedDossier},
};
use serde_json::{Value, json};

use super::support::*;

/// What came of it.
const REPORT: &str = "已化解,双方签订协议";

#[tokio::test(flavor = "multi_thread")]
async fn the_receiver_reads_it_after_its_signature() -> Result<()> {
    let (county, city) = two().await?;
    let case: CaseId = id();
    let id = sent(&county, "report_up", &city, case).await?;
    ship(&[&county, &city]).await?;
    let path = format!("/federation/v1/cases/{case}/dossier");
    let token = city.token("coordinator");
    let get = async || city.service.get(&path, &token).await;
    get().await?.expect_problem(404, "not-found")?;
    let question = ReceivedDossier {
        request_id: id.parse::<RequestId>()?,
    };
    let answer = city.service.ask(Service::Intake, &question).await?;
    assert_eq!(answer.err().as_deref(), Some("not-found"));

    city.step(&id, "sign", json!({})).await?.expect(200)?;
    let view = get().await?.expect(200)?;
    assert_eq!(view["from_node"], "620602");
    assert_eq!(view["dossier"]["matters"][0]["narrative"], NARRATIVE);
    let party = &view["dossier"]["matters"][0]["parties"][0];
    assert_eq!(party["name"], NAME);
    assert_eq!(party["identifier_number"], NUMBER);
    let answer = city.service.ask(Service::Intake, &question).await?;
    assert!(answer.is_ok_and(|dossier| dossier.case_id == case));
    let answer = city.service.ask(Service::Triage, &question).await?;
    assert_eq!(answer.err().as_deref(), Some("forbidden"));
    let leader = city.token("leader");
    let answer = city.service.get(&path, &leader).await?;
    answer.expect_problem(403, "forbidden")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_shows_it_and_no_other_node_opens_it() -> Result<()> {
    let (county, city, other) = three().await?;
    let case: CaseId = id();
    let id = sent(&county, "transfer", &other, case).await?;
    let letters = county.letters().await?;
    let [letter] = letters.as_slice() else {
        panic!("{letters:?}")
    };
    // The city passes it on, keeps nothing, and cannot open it.
    let sealed = letter.step.sealed.clone().unwrap();
    let sealed = data_encoding_of(&sealed);
    assert!(city.key.open(&sealed, &county.key).is_err());
    assert!(other.key.open(&sealed, &county.key).is_ok());
    deliver(&[&county, &city, &other], letter).await?;
    ship(&[&county, &city, &other]).await?;
    assert_eq!(city.service.count("requests").await?, 0);
    assert_eq!(county.state(&id).await?, "delivered");
    other.step(&id, "sign", json!({})).await?.expect(200)?;
    ship(&[&county, &city, &other]).await?;
    assert_eq!(county.holder(case).await?, "620621");
    let report = json!({ "report": REPORT });
    other.step(&id, "finish", report).await?.expect(200)?;
    ship(&[&county, &city, &other]).await?;
    // What a kind says besides is sealed as well.
    let duty = "核实噪声";
    let assist = sent(&county, "assist", &city, super::support::id()).await?;
    ship(&[&county, &city, &other]).await?;
    assert_eq!(city.request(&assist).await?["values"]["duty"], duty);
    // Both read the words; nobody between does.
    let request = county.request(&id).await?;
    let steps = request["steps"].as_array().unwrap();
    assert_eq!(steps.last().unwrap()["text"], REPORT);
    assert_eq!(other.request(&id).await?["reason"], REASON);
    for node in [&county, &city, &other] {
        let text = node.in_the_open().await?;
        for secret in [NARRATIVE, NAME, NUMBER, REASON, REPORT, duty] {
            assert!(!text.contains(secret), "{}: {secret}", node.code);
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_supervises_a_case_reads_it_with_the_signature() -> Result<()> {
    let (county, city) = two().await?;
    let case: CaseId = id();
    let supervised = sent(&city, "supervise", &county, case).await?;
    ship(&[&county, &city]).await?;
    let path = format!("/federation/v1/cases/{case}/dossier");
    let token = city.token("coordinator");
    let unsigned = city.service.get(&path, &token).await?;
    unsigned.expect_problem(404, "not-found")?;
    let signature = county.step(&supervised, "sign", json!({})).await?;
    signature.expect(200)?;
    ship(&[&county, &city]).await?;
    let view = city.service.get(&path, &token).await?.expect(200)?;
    assert_eq!(view["from_node"], "620602");
    assert_eq!(view["dossier"]["matters"][0]["parties"][0]["name"], NAME);
    // It works on at the county, and no copy of the sealed file is left at either.
    assert_eq!(county.holder(case).await?, "620602");
    assert!(city.service.published::<CaseAdopted>().await?.is_empty());
    for node in [&county, &city] {
        let kept = "request_steps WHERE sealed IS NOT NULL";
        assert_eq!(node.service.count(kept).await?, 0, "{}", node.code);
        let text = node.in_the_open().await?;
        assert!(!text.contains(NAME) && !text.contains(NUMBER));
    }
    Ok(())
}

fn data_encoding_of(text: &str) -> Vec<u8> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    STANDARD.decode(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dossier_that_is_not_the_senders_moves_nothing() -> Result<()> {
    let (county, city) = two().await?;
    let case: CaseId = id();
    let id = sent(&county, "report_up", &city, case).await?;
    let mut letters = county.letters().await?;
    // Sealed by somebody who is not the county.
    let stranger = nkeys::XKey::new();
    let plain = serde_json::to_vec(&dossier(case, county.code))?;
    let forged = stranger.seal(&plain, &city.key)?;
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    letters[0].step.sealed = Some(STANDARD.encode(forged));
    deliver(&[&county, &city], &letters[0]).await?;
    let answer = city.step(&id, "sign", json!({})).await?;
    answer.expect_problem(422, "message-refused")?;
    assert_eq!(city.state(&id).await?, "delivered");
    assert_eq!(city.service.count("accountability").await?, 0);
    assert!(city.service.published::<CaseAdopted>().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_receivers_key_nothing_is_sent() -> Result<()> {
    let (county, city) = two().await?;
    let admin = county.service.sql().await?;
    let sql = "DELETE FROM federation.nodes_keys";
    admin.execute(sql, &[]).await?;
    let answer = county.send(body("report_up", city.code, id())).await?;
    let problem = answer.expect_problem(422, "unknown-node")?;
    assert_eq!(problem["pointer"], "/to");
    assert_eq!(county.service.count("requests").await?, 0);
    assert_eq!(county.service.count("up_outbox").await?, 0);
    let none: Vec<Value> = Vec::new();
    assert_eq!(county.letters().await?.len(), none.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_too_large_to_pass_is_refused_and_holds_nothing_back() -> Result<()> {
    let (county, city) = tokio::try_join!(
        Box::pin(Node::start_with("620602", false, true)),
        Box::pin(Node::start("6206"))
    )?;
    introduce(&[&county, &city]).await?;
    let region = county.code;
    let answer = move |question: CaseDossier| {
        let mut dossier = dossier(question.case_id, region);
        dossier.matters[0].narrative = "讼".repeat(250_000);
        dossier
    };
    county.service.answer::<CaseDossier>(answer).await?;
    let case: CaseId = id();
    let answer = county.send(body("report_up", city.code, case)).await?;
    let problem = answer.expect_problem(413, "dossier-too-large")?;
    assert_eq!(problem["pointer"], "/case_id");
    assert_eq!(county.service.count("up_outbox").await?, 0);
    // What is supervised is signed for without it.
    let supervised = sent(&city, "supervise", &county, case).await?;
    ship(&[&county, &city]).await?;
    let signature = county.step(&supervised, "sign", json!({})).await?;
    signature.expect(200)?;
    ship(&[&county, &city]).await?;
    assert_eq!(city.state(&supervised).await?, "signed");
    assert_eq!(city.service.count("dossiers").await?, 0);
    Ok(())
}
