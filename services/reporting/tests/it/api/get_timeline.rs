//! `GET /reporting/v1/cases/{case_id}/timeline`.

use anyhow::Result;
use reporting::Reporting;
use testkit::TestService;

use crate::feed::{Case, feed};

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_in_order() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let case = Case::new(1);
    let mut story = case.story();
    story.reverse();
    story.push(Case::new(2).accepted());
    feed(&service, &story).await?;
    let path = format!("/reporting/v1/cases/{}/timeline", case.id());
    let token = service.role("evaluator");
    let whole = service.get(&path, &token).await?.expect(200)?;
    insta::assert_json_snapshot!(whole, { ".items[].event_id" => "[id]" });

    let first = service
        .get(&format!("{path}?limit=10"), &token)
        .await?
        .expect(200)?;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = service
        .get(&format!("{path}?limit=200&cursor={cursor}"), &token)
        .await?
        .expect(200)?;
    let joined: Vec<_> = [&first, &second]
        .iter()
        .flat_map(|page| page["items"].as_array().unwrap())
        .collect();
    assert_eq!(
        joined,
        whole["items"]
            .as_array()
            .unwrap()
            .iter()
            .collect::<Vec<_>>()
    );
    assert_eq!(second["next_cursor"], serde_json::Value::Null);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_scope_there_is_none() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let case = Case::new(1);
    feed(&service, &[case.accepted()]).await?;
    let path = format!("/reporting/v1/cases/{}/timeline", case.id());
    let elsewhere = service.token().roles(["leader"]).region("620621").sign()?;
    service
        .get(&path, &elsewhere)
        .await?
        .expect_problem(404, "not-found")?;
    service
        .get(&path, &service.role("triage_officer"))
        .await?
        .expect_problem(403, "forbidden")?;
    Ok(())
}
