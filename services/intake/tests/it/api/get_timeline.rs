//! `GET /cases/{id}/timeline`.

use anyhow::Result;
use chrono::Duration;
use serde_json::json;

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn tells_what_happened_page_by_page() -> Result<()> {
    let service = Service::start().await?;
    let (matter, case) = registered(&service).await?;
    service.time.advance(Duration::hours(2));
    let clerk = service.role("window_clerk");
    service
        .post(
            &format!("/intake/v1/matters/{matter}/accept"),
            &clerk,
            json!({}),
        )
        .await?
        .expect(200)?;
    let path = format!("/intake/v1/cases/{case}/timeline");
    let person = service
        .token()
        .roles(["applicant"])
        .subject("account-zhang")
        .sign()?;
    let all = service.get(&path, &person).await?.expect(200)?;
    insta::assert_json_snapshot!(all, @r#"
    {
      "items": [
        {
          "at": "2026-09-01T02:00:00Z",
          "code": "registered",
          "en": "Your matter was registered",
          "zh": "您的诉求已登记"
        },
        {
          "at": "2026-09-01T04:00:00Z",
          "code": "accepted",
          "en": "Your matter was accepted",
          "zh": "您的诉求已受理"
        }
      ],
      "next_cursor": null
    }
    "#);
    let first = service
        .get(&format!("{path}?limit=1"), &person)
        .await?
        .expect(200)?;
    assert_eq!(first["items"][0], all["items"][0]);
    let cursor = text(&first, "/next_cursor")?;
    let second = service
        .get(&format!("{path}?limit=1&cursor={cursor}"), &person)
        .await?
        .expect(200)?;
    assert_eq!(
        second,
        json!({ "items": [all["items"][1]], "next_cursor": null })
    );

    let stranger = service
        .token()
        .roles(["applicant"])
        .subject("account-wu")
        .sign()?;
    service
        .get(&path, &stranger)
        .await?
        .expect_problem(404, "not-found")?;
    Ok(())
}
