//! Cases that were merged count once; a case opened again is not closed.

use anyhow::Result;
use reporting::Reporting;
use serde_json::json;
use testkit::TestService;

use crate::feed::{Case, feed};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_merged_counts_where_it_went() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let (leading, merged, other) = (Case::new(1), Case::new(2), Case::new(3));
    feed(
        &service,
        &[
            // In any order.
            merged.merged_into(&leading, 2),
            leading.accepted(),
            merged.accepted(),
            other.accepted(),
            leading.closed(5),
            other.closed(5),
            other.reopened(6),
        ],
    )
    .await?;
    let token = service.role("leader");
    for dimension in ["type", "region", "node", "source"] {
        let path = format!("/reporting/v1/statistics?dimension={dimension}");
        let table = service.get(&path, &token).await?.expect(200)?;
        assert_eq!(table["received"], 2, "{dimension}: {table}");
    }
    for (closed, expected) in [(true, vec![1]), (false, vec![2, 3])] {
        let path = format!("/reporting/v1/ledger?closed={closed}");
        let page = service.get(&path, &token).await?.expect(200)?;
        let mut found: Vec<_> = page["items"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|row| row["case_id"].clone())
            .collect();
        found.reverse();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|n| json!(Case::new(n).id()))
            .collect();
        assert_eq!(found, expected, "closed={closed}");
    }
    let body = json!({ "period": "2022-03", "counted_to": "2022-03-31" });
    let period = service
        .post("/reporting/v1/periods", &service.role("evaluator"), body)
        .await?
        .expect(201)?;
    assert_eq!(period["versions"][0]["received"], 2, "{period}");
    // Counted before the merging, they were three.
    let body = json!({ "begins": "2022-03-01", "ends": "2022-03-01", "counted_to": "2022-03-01" });
    let period = service
        .post("/reporting/v1/periods", &service.role("evaluator"), body)
        .await?
        .expect(201)?;
    assert_eq!(period["versions"][0]["received"], 3, "{period}");
    Ok(())
}
