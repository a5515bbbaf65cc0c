//! `GET /matters/{id}/duplicates` and `POST /matters/{id}/link`.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    events::intake::{LinkKind, MatterLinked, MatterUnlinked},
    ids::MatterId,
};
use serde_json::{Value, json};

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_the_same_is_proposed_and_linked_by_a_person() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let (first, _) = registered(&service).await?;
    service.time.advance(Duration::days(1));
    // The same words from somebody else; the same person with other words; neither; another type.
    let nobody = json!([{ "side": "applicant", "kind": "natural_person", "name": "赵六" }]);
    let same_words = dispute_with("/parties", nobody.clone());
    let mut neither = same_words.clone();
    neither["narrative"] = json!("楼上漏水,天花板掉皮");
    let mut other_type = dispute();
    other_type["type_hint"] = json!("contract");
    let (words, _) = ids(&register(&service, same_words).await?)?;
    ids(&register(&service, neither).await?)?;
    ids(&register(&service, other_type).await?)?;
    let (person, _) = ids(&register(
        &service,
        dispute_with("/narrative", json!("他家装修的灰尘落进我家院子")),
    )
    .await?)?;
    let proposed = async |matter: MatterId| {
        let path = format!("/intake/v1/matters/{matter}/duplicates");
        let page = service.get(&path, &clerk).await?.expect(200)?;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        anyhow::Ok(items)
    };
    let brief = |item: &Value| {
        let fields = ["matter_id", "same_party", "linked"].map(|name| item[name].clone());
        json!(fields)
    };
    // Registered before it, not after.
    assert!(proposed(first).await?.is_empty());
    let found = proposed(words).await?;
    assert_eq!(found.len(), 1);
    assert_eq!(brief(&found[0]), json!([first, false, false]));
    assert_eq!(found[0]["similar_percent"], 100);
    let found = proposed(person).await?;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(brief(&found[0]), json!([first, true, false]));

    service.time.advance(Duration::hours(1));
    // Without a document but with the same name and telephone, and before anybody named a type.
    let mut by_phone = dispute_with("/narrative", json!("噪音"));
    by_phone["parties"][0]["identifier"] = Value::Null;
    by_phone["parties"][1] = nobody[0].clone();
    by_phone["type_hint"] = Value::Null;
    let (by_phone, _) = ids(&register(&service, by_phone).await?)?;
    let found = proposed(by_phone).await?;
    let found: Vec<_> = found
        .iter()
        .filter(|item| item["same_party"] == true)
        .collect();
    // Of any type: the first, the one about a contract and the one about dust.
    assert_eq!(found.len(), 3, "{found:?}");

    let path = format!("/intake/v1/matters/{person}/link");
    let link = |to: MatterId, reason: &str| json!({ "matter_id": to, "kind": "duplicate", "reason": reason });
    let unknown: MatterId = service.time.id();
    for (body, status, code) in [
        (link(person, "同一人"), 422, "link-with-itself"),
        (link(first, " "), 422, "text-required"),
        (link(unknown, "同一人"), 404, "not-found"),
    ] {
        service
            .post(&path, &clerk, body)
            .await?
            .expect_problem(status, code)?;
    }
    assert_eq!(service.count("matter_links").await?, 0);
    service
        .post(&path, &clerk, link(first, "同一人就同一事再次反映"))
        .await?
        .expect(201)?;
    // Not the other way round either.
    let back = format!("/intake/v1/matters/{first}/link");
    service
        .post(&back, &clerk, link(person, "同上"))
        .await?
        .expect_problem(409, "linked-already")?;
    assert_eq!(
        brief(&proposed(person).await?[0]),
        json!([first, true, true])
    );
    let path = format!("/intake/v1/matters/{first}");
    let view = service.get(&path, &clerk).await?.expect(200)?;
    assert_eq!(view["links"][0]["matter_id"], json!(person));
    let events = service.published::<MatterLinked>().await?;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (
            events[0].matter_id,
            events[0].other_matter_id,
            events[0].kind
        ),
        (person, first, LinkKind::Duplicate)
    );

    // It was the wrong one: undone from either side, with a reason; then it may be linked again.
    let unlink = format!("/intake/v1/matters/{first}/unlink");
    let undo = |to: MatterId, reason: &str| json!({ "matter_id": to, "reason": reason });
    for (body, status, code) in [
        (undo(unknown, "不是同一事"), 404, "not-found"),
        (undo(person, " "), 422, "text-required"),
        (undo(words, "不是同一事"), 409, "not-linked"),
    ] {
        service
            .post(&unlink, &clerk, body)
            .await?
            .expect_problem(status, code)?;
    }
    let applicant = service.role("applicant");
    service
        .post(&unlink, &applicant, undo(person, "不是同一事"))
        .await?
        .expect_problem(403, "forbidden")?;
    assert_eq!(service.count("undone_links").await?, 0);
    let was = service
        .post(&unlink, &clerk, undo(person, "不是同一事"))
        .await?
        .expect(200)?;
    assert_eq!(was["matter_id"], json!(person));
    let view = service.get(&path, &clerk).await?.expect(200)?;
    assert_eq!(view["links"], json!([]));
    let undone = service.published::<MatterUnlinked>().await?;
    assert_eq!(
        (undone[0].matter_id, undone[0].other_matter_id),
        (person, first)
    );
    let kept =
        "undone_links WHERE reason = '同一人就同一事再次反映' AND undone_reason = '不是同一事'";
    assert_eq!(service.count(kept).await?, 1);
    service
        .post(&unlink, &clerk, undo(person, "不是同一事"))
        .await?
        .expect_problem(409, "not-linked")?;
    service
        .post(&back, &clerk, link(person, "还是同一事"))
        .await?
        .expect(201)?;
    // Once one was declined for the other, the person was told so.
    let decline = format!("/intake/v1/matters/{person}/decline");
    service
        .post(&decline, &clerk, json!({ "reason": "duplicate" }))
        .await?
        .expect(200)?;
    service
        .post(&unlink, &clerk, undo(person, "不是同一事"))
        .await?
        .expect_problem(409, "link-in-effect")?;
    assert_eq!(service.count("matter_links").await?, 1);
    Ok(())
}
