//! `POST /matters/{id}/correct` and `POST /matters/{id}/corrected`.

use anyhow::Result;
use chrono::Duration;
use contracts::events::intake::{MatterCorrected, MatterCorrectionAsked, MatterLapsed};
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
