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

    // No law gives it longer.
    let longer = order.extended_by(&bureau, "案情复杂");
    longer.refused(409, "extension-capped").await?;

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

    // Another one it finishes. The sender does not accept that once, with a new term; then the file is closed.
    let other = scene.accepted("neighbour", ["王五", "赵六"]).await?;
    other.triaged_for(route).await?;
    let order = other.order(&other.dispatched_to(&bureau).done().await?)?;
    order.signed_for_by(&bureau).done().await?;
    let finished = order.fed_back_by(&bureau, "finished", "已裁决");
    finished.done().await?;
    other.stands("follow_up").await?;
    order.sent_back("裁决书未送达", "2026-10-09").done().await?;
    other.stands("signed").await?;
    let served = order.fed_back_by(&bureau, "finished", "已裁决并送达");
    served.done().await?;
    other.stands("follow_up").await?;
    let again = order.sent_back("仍有异议", "2026-10-20");
    again.refused(409, "reworked-already").await?;
    scene.settle().await?;
    other.closed().await?;
    other.stands("closed").await?;
    let told = other.told().await?;
    for fact in ["other_way_ended", "other_way_reworked"] {
        assert!(told.contains(&fact.to_owned()), "{told:?}");
    }

    // By route and in all it counts as one that was settled.
    let by_route = "/reporting/v1/statistics?dimension=route";
    let table = scene.read(by_route, &scene.cast.leader).await?;
    let rows = table["rows"].as_array().into_iter().flatten();
    let of_route: Vec<_> = rows.filter(|row| row["code"] == route).collect();
    assert_eq!(of_route[0]["settled"], 1, "{table}");
    assert_eq!(table["settled"], 1, "{table}");
    Ok(())
}
