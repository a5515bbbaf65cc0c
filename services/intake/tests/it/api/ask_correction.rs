//! `POST /matters/{id}/correct` and `POST /matters/{id}/corrected`.

use anyhow::Result;
use chrono::Duration;
use contracts::events::intake::{
    CasePartiesChanged, MatterCorrected, MatterCorrectionAsked, MatterLapsed,
};
use serde_json::json;
use testkit::service::eventually;

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_asked_for_once_and_supplied() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let person = service
        .token()
        .roles(["applicant"])
        .subject("account-zhang")
        .sign()?;
    let (matter, case) = registered(&service).await?;
    let ask = format!("/intake/v1/matters/{matter}/correct");
    let supply = format!("/intake/v1/matters/{matter}/corrected");
    for (body, code, pointer) in [
        (json!({}), "text-required", "/note"),
        (json!({ "note": " " }), "text-required", "/note"),
        (
            json!({ "materials": ["identity", "moon"] }),
            "unknown-material",
            "/materials/1",
        ),
        (
            json!({ "materials": ["identity", "identity"] }),
            "unknown-material",
            "/materials/1",
        ),
    ] {
        let problem = service.post(&ask, &clerk, body).await?;
        assert_eq!(problem.expect_problem(422, code)?["pointer"], pointer);
    }
    service
        .post(&ask, &person, json!({ "note": "x" }))
        .await?
        .expect_problem(403, "forbidden")?;
    service
        .post(&supply, &person, json!({ "note": "早了" }))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    assert_eq!(service.count("outbox").await?, 1);

    service.time.advance(Duration::hours(1));
    let list = json!({ "materials": ["identity", "evidence"], "note": "对方的电话" });
    let asked = service.post(&ask, &clerk, list.clone()).await?;
    assert_eq!(asked.version(), Some(2));
    let asked = asked.expect(200)?;
    assert_eq!(asked["state"], "correcting");
    assert_eq!(asked["outcome"], json!(null));
    insta::assert_json_snapshot!(asked["correction"], @r#"
    {
      "asked_at": "2026-09-01T03:00:00Z",
      "last_day": "2026-09-08",
      "materials": [
        {
          "code": "identity",
          "en": "Proof of identity",
          "zh": "身份证明"
        },
        {
          "code": "evidence",
          "en": "Evidence",
          "zh": "证据材料"
        }
      ],
      "note": "对方的电话",
      "supplied_at": null,
      "supplied_note": null
    }
    "#);
    assert_eq!(clock(&service, matter).await?.1, "stopped");
    assert_eq!(public(&service, case).await?.0, "correcting");
    for command in ["accept", "answer", "decline"] {
        let body = match command {
            "accept" => json!({}),
            "answer" => json!({ "item": "legal_advice", "answer": "好" }),
            _ => json!({ "reason": "other" }),
        };
        let path = format!("/intake/v1/matters/{matter}/{command}");
        service
            .post(&path, &clerk, body)
            .await?
            .expect_problem(409, "transition-not-allowed")?;
    }

    service.time.advance(Duration::hours(1));
    let supplied = service
        .post(
            &supply,
            &person,
            json!({ "note": "身份证、照片,电话0935-2212345" }),
        )
        .await?
        .expect(200)?;
    assert_eq!(supplied["state"], "registered");
    assert_eq!(supplied["first_asked"], "test-window_clerk");
    assert_eq!(
        clock(&service, matter).await?,
        ("2026-09-02T16:00".to_owned(), "running".to_owned())
    );
    let (status, codes) = public(&service, case).await?;
    assert_eq!(
        (status.as_str(), codes.join(" ").as_str()),
        ("registered", "registered correction_asked corrected")
    );
    service
        .post(&ask, &clerk, list)
        .await?
        .expect_problem(409, "correction-asked-already")?;
    service
        .post(&supply, &person, json!({ "note": "又一次" }))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let path = format!("/intake/v1/matters/{matter}");
    let view = service.get(&path, &person).await?.expect(200)?;
    assert_eq!(view["correction"]["supplied_at"], "2026-09-01T04:00:00Z");
    let path = format!("/intake/v1/matters/{matter}/accept");
    service.post(&path, &clerk, json!({})).await?.expect(200)?;
    assert_eq!(service.published::<MatterCorrectionAsked>().await?.len(), 1);
    assert_eq!(service.published::<MatterCorrected>().await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_supplied_in_time_lapses() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let (matter, case) = registered(&service).await?;
    let ask = format!("/intake/v1/matters/{matter}/correct");
    service
        .post(&ask, &clerk, json!({ "materials": ["request"] }))
        .await?
        .expect(200)?;
    service.time.set("2026-09-08T16:00:00Z".parse()?);
    let lapsed = async || Ok(public(&service, case).await?.0 == "lapsed");
    eventually("the matter lapses", lapsed).await?;
    let events = service.published::<MatterLapsed>().await?;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].matter_id, matter);
    let path = format!("/intake/v1/matters/{matter}");
    let view = service.get(&path, &clerk).await?.expect(200)?;
    assert_eq!(view["state"], "lapsed");
    let supply = format!("/intake/v1/matters/{matter}/corrected");
    service
        .post(&supply, &clerk, json!({ "note": "迟了" }))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_put_right_by_the_rules_of_a_registration() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let mut body = dispute();
    body["parties"][1]["account_subject"] = json!("account-wuye");
    let (matter, case) = ids(&register(&service, body).await?)?;
    let person = |subject: &str| service.token().roles(["applicant"]).subject(subject).sign();
    let (applicant, respondent) = (person("account-zhang")?, person("account-wuye")?);
    let amend = format!("/intake/v1/matters/{matter}/amend");
    let listed = format!("/intake/v1/matters/{matter}/parties");
    let parties = service.get(&listed, &clerk).await?.expect(200)?;
    let first = parties["items"][0]["id"].clone();
    let zhang = json!({
        "id": first, "side": "applicant", "kind": "natural_person", "name": "张三丰",
        "identifier": { "kind": "resident-id", "number": "440524188001010014" }, "phone": "13900001111"
    });
    let li = json!({ "side": "respondent", "kind": "natural_person", "name": "李四" });
    let with = |changes: serde_json::Value| json!({ "reason": "登记有误", "changes": changes });
    let wrong_number = {
        let mut party = zhang.clone();
        party["identifier"]["number"] = json!("341302199001011234");
        json!({ "parties": [party, li] })
    };
    let stranger = {
        let mut party = li.clone();
        party["id"] = json!(matter);
        json!({ "parties": [zhang, party] })
    };
    for (token, changes, status, code, pointer) in [
        (&clerk, json!({}), 422, "invalid-body", "/changes"),
        (
            &clerk,
            wrong_number,
            422,
            "identifier-invalid",
            "/changes/parties/0/identifier/number",
        ),
        (
            &clerk,
            stranger,
            422,
            "invalid-body",
            "/changes/parties/1/id",
        ),
        (
            &clerk,
            json!({ "parties": [li] }),
            422,
            "party-required",
            "/changes/parties",
        ),
        (
            &clerk,
            json!({ "type_hint": "moon" }),
            422,
            "unknown-dispute-type",
            "/changes/type_hint",
        ),
        (
            &clerk,
            json!({ "persons_involved": 1 }),
            422,
            "invalid-body",
            "/changes/persons_involved",
        ),
        (
            &applicant,
            json!({ "class": "petition" }),
            422,
            "invalid-body",
            "/changes/class",
        ),
    ] {
        let answer = service.post(&amend, token, with(changes)).await?;
        let problem = answer.expect_problem(status, code)?;
        assert_eq!(problem["pointer"], pointer, "{problem}");
    }
    let other_side = with(json!({ "amount_fen": 1 }));
    service
        .post(&amend, &respondent, other_side)
        .await?
        .expect_problem(403, "forbidden")?;
    assert_eq!(service.count("amendments").await?, 0);

    let right = json!({
        "class": "petition", "narrative": "楼上装修", "amount_fen": 700,
        "type_hint": "contract.debt", "parties": [zhang, li]
    });
    let view = service
        .post(&amend, &clerk, with(right))
        .await?
        .expect(200)?;
    assert_eq!(
        (
            &view["version"],
            &view["class"],
            &view["type_hint"],
            &view["amount_fen"]
        ),
        (
            &json!(2),
            &json!("petition"),
            &json!("contract.debt"),
            &json!(700)
        )
    );
    let parties = service.get(&listed, &clerk).await?.expect(200)?;
    let names: Vec<_> = parties["items"].as_array().unwrap().iter().collect();
    assert_eq!(names.len(), 2);
    // The account stays with its party; who takes no part any more reads nothing.
    assert_eq!(
        (&names[0]["id"], &names[0]["name"], &names[0]["has_account"]),
        (&first, &json!("张三丰"), &json!(true))
    );
    assert_eq!(names[0]["identifier_masked"], "440***********0014");
    service
        .get(&listed, &respondent)
        .await?
        .expect_problem(404, "not-found")?;
    let running = "clocks WHERE state = 'running' AND kind = 'petition.accept'";
    assert_eq!(service.count(running).await?, 1);
    let changed = service.published::<CasePartiesChanged>().await?;
    assert_eq!((changed.len(), changed[0].case_id), (1, case));
    let corrected = service.published::<MatterCorrected>().await?;
    assert_eq!(
        corrected[0].changed.join(" "),
        "class type_hint narrative amount_fen parties"
    );

    // What was asked for is supplied in its fields; once the matter is decided it stays.
    let ask = format!("/intake/v1/matters/{matter}/correct");
    service
        .post(&ask, &clerk, json!({ "materials": ["contact"] }))
        .await?
        .expect(200)?;
    service
        .post(&amend, &clerk, with(json!({ "amount_fen": 1 })))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let supply = format!("/intake/v1/matters/{matter}/corrected");
    let body = json!({ "note": "补充金额", "changes": { "amount_fen": 900 } });
    let view = service.post(&supply, &applicant, body).await?.expect(200)?;
    assert_eq!(view["amount_fen"], 900);
    let accept = format!("/intake/v1/matters/{matter}/accept");
    service
        .post(&accept, &clerk, json!({}))
        .await?
        .expect(200)?;
    service
        .post(&amend, &clerk, with(json!({ "amount_fen": 1 })))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    Ok(())
}
