//! `GET /agreements/{id}`.

use anyhow::Result;
use serde_json::json;

use crate::support;

#[tokio::test(flavor = "multi_thread")]
async fn shows_obligations_and_signatures() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement, _) = desk.effective().await?;
    let path = format!("/mediation/v1/agreements/{agreement}");
    let own = desk
        .service
        .get(&path, &desk.account(case.applicant))
        .await?;
    assert_eq!(own.version(), Some(5));
    let view = own.expect(200)?;
    assert_eq!(desk.get(&format!("/agreements/{agreement}")).await?, view);
    let due: Vec<_> = view["obligations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["due_on"], &row["amount_fen"]))
        .collect();
    assert_eq!(
        due,
        [
            (&json!("2026-09-10"), &json!(100_000)),
            (&json!("2026-10-10"), &json!(200_000))
        ]
    );
    let signers: Vec<_> = view["signatures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["signer"])
        .collect();
    assert_eq!(
        json!(signers),
        json!(["party", "party", "mediator", "organisation"])
    );
    for token in desk.strangers() {
        desk.service
            .get(&path, &token)
            .await?
            .expect_problem(404, "not-found")?;
    }
    Ok(())
}
