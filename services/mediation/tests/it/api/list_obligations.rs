//! `GET /obligations`.

use anyhow::Result;
use serde_json::{Value, json};

use crate::support::{self, text};

fn days(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| text(item, "due_on"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn earliest_due_first_in_pages() -> Result<()> {
    let desk = support::start().await?;
    let list = async |query: &str| desk.get(&format!("/obligations?{query}")).await;
    assert_eq!(list("").await?, json!({ "items": [], "next_cursor": null }));
    let (case, _, obligations) = desk.effective().await?;
    desk.effective().await?;
    desk.drafted().await?;
    let first = list("limit=3").await?;
    assert_eq!(days(&first), ["2026-09-10", "2026-09-10", "2026-10-10"]);
    let second = list(&format!("limit=3&cursor={}", text(&first, "next_cursor"))).await?;
    assert_eq!(
        (days(&second), &second["next_cursor"]),
        (vec!["2026-10-10"], &json!(null))
    );
    assert_eq!(
        days(&list("due_before=2026-09-10").await?),
        Vec::<&str>::new()
    );
    assert_eq!(
        days(&list("due_before=2026-09-11&state=open").await?).len(),
        2
    );
    let path = format!("/obligations/{}/fulfil", text(&obligations[0], "id"));
    desk.post(
        &path,
        json!({ "fulfilled_on": support::TODAY, "proof": "收据" }),
    )
    .await?
    .expect(200)?;
    assert_eq!(
        days(&list("due_before=2026-09-11&state=open").await?).len(),
        1
    );
    assert_eq!(
        days(&list(&format!("case_id={}&state=fulfilled", case.id)).await?),
        ["2026-09-10"]
    );

    let [other, elsewhere, nobody] = desk.strangers().try_into().unwrap();
    for token in [other, elsewhere] {
        assert_eq!(
            desk.service
                .get("/mediation/v1/obligations", &token)
                .await?
                .expect(200)?["items"],
            json!([])
        );
    }
    let of_case = format!("/mediation/v1/obligations?case_id={}", case.id);
    desk.service
        .get(&of_case, &nobody)
        .await?
        .expect_problem(404, "not-found")?;
    assert_eq!(
        days(
            &desk
                .service
                .get(&of_case, &desk.account(case.applicant))
                .await?
                .expect(200)?
        )
        .len(),
        2
    );
    desk.service
        .get("/mediation/v1/obligations", &desk.account(case.applicant))
        .await?
        .expect_problem(400, "invalid-query")?;
    Ok(())
}
