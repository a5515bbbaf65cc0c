//! `GET /proceedings/{id}`.

use anyhow::Result;
use contracts::ids::ProceedingId;
use serde_json::json;

use crate::support::{self, id, text};

#[tokio::test(flavor = "multi_thread")]
async fn shows_everything_to_those_concerned_and_nothing_to_others() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement) = desk.drafted().await?;
    let proceeding = text(
        &desk.get(&format!("/agreements/{agreement}")).await?,
        "proceeding_id",
    )
    .to_owned();
    let path = format!("/mediation/v1/proceedings/{proceeding}");
    for token in [
        desk.officer(),
        desk.service.role_in("mediator", desk.organisation),
        desk.account(case.respondent),
        desk.service.role("centre_director"),
    ] {
        let answer = desk.service.get(&path, &token).await?;
        assert_eq!(answer.version(), answer.body["version"].as_i64());
        let view = answer.expect(200)?;
        assert_eq!(view["mediator_ids"], json!([desk.mediator]));
        assert_eq!(view["agreement"]["id"], json!(agreement));
        assert_eq!(view["sessions"].as_array().unwrap().len(), 1);
        assert!(
            view["parties"]
                .as_array()
                .unwrap()
                .iter()
                .all(|party| party["answer"]["consents"] == json!(true))
        );
    }
    for token in desk.strangers() {
        desk.service
            .get(&path, &token)
            .await?
            .expect_problem(404, "not-found")?;
    }
    desk.service
        .get(&path, &desk.service.role("evaluator"))
        .await?
        .expect_problem(403, "forbidden")?;
    // A mediator whose token names no organisation has none to see.
    desk.service
        .get(&path, &desk.service.role("mediator"))
        .await?
        .expect_problem(403, "forbidden")?;
    let unknown = format!("/mediation/v1/proceedings/{}", id::<ProceedingId>());
    desk.service
        .get(&unknown, &desk.officer())
        .await?
        .expect_problem(404, "not-found")?;
    Ok(())
}
