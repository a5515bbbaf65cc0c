//! `GET /proceedings`.

use anyhow::Result;
use serde_json::{Value, json};

use crate::support::{self, text};

fn ids(page: &Value) -> Vec<String> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| text(item, "id").to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn newest_first_in_pages_by_state_and_case() -> Result<()> {
    let desk = support::start().await?;
    let list = async |query: &str| desk.get(&format!("/proceedings?{query}")).await;
    assert_eq!(list("").await?, json!({ "items": [], "next_cursor": null }));
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(desk.opened().await?);
    }
    desk.consent(made[0].1, made[0].0.applicant).await?;
    desk.post(
        &format!("/proceedings/{}/end", made[1].1),
        json!({ "end_code": "large_gap" }),
    )
    .await?
    .expect(200)?;
    let newest: Vec<_> = made.iter().rev().map(|(_, id)| id.to_string()).collect();
    let first = list("limit=2").await?;
    assert_eq!(ids(&first), newest[..2]);
    let second = list(&format!("limit=2&cursor={}", text(&first, "next_cursor"))).await?;
    assert_eq!(
        (ids(&second), &second["next_cursor"]),
        (newest[2..].to_vec(), &json!(null))
    );
    assert_eq!(ids(&list("state=failed").await?), [made[1].1.to_string()]);
    assert_eq!(
        ids(&list(&format!("case_id={}", made[2].0.id)).await?),
        [made[2].1.to_string()]
    );
    for query in [
        "state=asleep",
        "limit=0",
        "limit=201",
        "cursor=@",
        "colour=red",
    ] {
        let answer = desk
            .service
            .get(
                &format!("/mediation/v1/proceedings?{query}"),
                &desk.officer(),
            )
            .await?;
        assert_eq!(answer.status, 400, "{query}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_sees_their_own() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.opened().await?;
    let [other, elsewhere, nobody] = desk.strangers().try_into().unwrap();
    for token in [other, elsewhere] {
        let page = desk
            .service
            .get("/mediation/v1/proceedings", &token)
            .await?
            .expect(200)?;
        assert_eq!(ids(&page), Vec::<String>::new());
    }
    let of_case = format!("/mediation/v1/proceedings?case_id={}", case.id);
    desk.service
        .get(&of_case, &nobody)
        .await?
        .expect_problem(404, "not-found")?;
    let party = desk.account(case.respondent);
    desk.service
        .get("/mediation/v1/proceedings", &party)
        .await?
        .expect_problem(400, "invalid-query")?;
    for token in [party, desk.service.role("coordinator")] {
        assert_eq!(
            ids(&desk.service.get(&of_case, &token).await?.expect(200)?),
            [proceeding.to_string()]
        );
    }
    Ok(())
}
