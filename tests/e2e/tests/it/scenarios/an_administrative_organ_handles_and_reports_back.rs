//! A dispute goes to the department that may adjudicate it 行政裁决: it takes the case up within five working days, its term runs, and it
//! reports back (信访工作条例 22, 23; TR-04). What it cannot settle is decided anew.

use anyhow::Result;

#[tokio::test(flavor = "multi_thread")]
async fn an_administrative_organ_handles_and_reports_back() -> Result<()> {
    let scene = super::on("2026-09-01").await?;
    let route = "administrative_adjudication";
    let bureau = scene.organ("department", route).await?;
    let dispute = scene.accepted("neighbour", ["张三", "李四"]).await?;
    dispute.triaged_for(route).await?;
    let order = dispute.order(&dispute.dispatched_to(&bureau).done().await?)?;

    // Nothing can be reported before it is signed for.
    let early = order.fed_back_by(&bureau, "taken_up", "已立案");
    early.refused(409, "transition-not-allowed").await?;
    order.signed_for_by(&bureau).done().await?;

    // It takes the case up. From then on it has sixty days.
    let taken = order.fed_back_by(&bureau, "taken_up", "已立案");
    taken.done().await?;
    dispute.stands("signed").await?;
    let clocks = format!("/triage/v1/clocks?kind=route.{route}");
    let running = scene.read(&clocks, &bureau.officer).await?;
    assert_eq!(running["items"][0]["due_at"], "2026-10-31T16:00:00Z");

    // It cannot settle it, and the triage officer decides for mediation.
    scene.day("2026-09-21").await?;
    let tried = order.fed_back_by(&bureau, "not_settled", "双方分歧较大");
    tried.done().await?;
    dispute.stands("triaged").await?;
    let running = scene.read(&clocks, &bureau.officer).await?;
    assert_eq!(running["items"], serde_json::json!([]));
    dispute.triaged().await?;
    let committee = scene.cast.desk.clone();
    let order = dispute.order(&dispute.dispatched_to(&committee).done().await?)?;
    order.signed_for_by(&committee).done().await?;
    let mediates = order.fed_back_by(&committee, "finished", "已调解");
    mediates.refused(409, "route-mediated").await?;

    // Another one it finishes: the person is followed up, and the file is closed.
    let other = scene.accepted("neighbour", ["王五", "赵六"]).await?;
    other.triaged_for(route).await?;
    let order = other.order(&other.dispatched_to(&bureau).done().await?)?;
    order.signed_for_by(&bureau).done().await?;
    order
        .fed_back_by(&bureau, "finished", "已裁决")
        .done()
        .await?;
    scene.settle().await?;
    other.closed().await?;
    other.stands("closed").await?;
    let told = other.told().await?;
    assert!(told.contains(&"other_way_ended".to_owned()), "{told:?}");
    Ok(())
}
