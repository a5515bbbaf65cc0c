//! 信访工作条例 23: an organisation that is not competent returns what it was given within five working days, with a reason, and the
//! sender decides. 24: where organisations dispute who is competent, their common superior designates one.

use anyhow::Result;
use e2e::node::REGION;

const NOT_COMPETENT: &str = "not_competent";

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_order_ends_in_designation() -> Result<()> {
    let scene = super::on("2026-09-01").await?;
    let (first, second) = (scene.cast.desk.clone(), scene.committee(REGION).await?);
    let dispute = scene.accepted("neighbour", ["张三", "李四"]).await?;
    dispute.triaged().await?;

    // The first organisation returns it; the sender takes it back.
    let order = dispute.order(&dispute.dispatched_to(&first).done().await?)?;
    order.return_asked_by(&first, NOT_COMPETENT).done().await?;
    order.return_approved().done().await?;

    // The second has it since Tuesday, 1 September. Its fifth working day is Tuesday, 8 September.
    let order = dispute.order(&dispute.dispatched_to(&second).done().await?)?;
    scene.day("2026-09-08").await?;
    order.return_asked_by(&second, NOT_COMPETENT).done().await?;
    order.return_approved().done().await?;

    // That was the second dispute about who is competent: nobody is simply given it any more.
    let dispatch = dispute.dispatched_to(&first);
    dispatch.refused(409, "designation-required").await?;
    let officer = &scene.cast.triage;
    let designate = dispute.designated_to(&first, officer);
    designate.refused(403, "forbidden").await?;
    let coordinator = &scene.cast.coordinator;
    let designated = dispute.designated_to(&first, coordinator).done().await?;
    let order = dispute.order(&designated)?;

    // And it stays where it was designated to.
    let refused = order.return_asked_by(&first, NOT_COMPETENT);
    refused.refused(409, "designated-not-returnable").await?;
    order.signed_for_by(&first).done().await?;
    dispute.stands("signed").await?;
    assert_eq!(
        dispute.told().await?[2..],
        [
            "triaged",
            "dispatched",
            "return_asked",
            "returned",
            "dispatched",
            "return_asked",
            "returned",
            "dispatched",
            "signed"
        ]
    );

    // Who lets the five working days pass keeps it.
    let other = scene.accepted("neighbour", ["王五", "赵六"]).await?;
    other.triaged().await?;
    let order = other.order(&other.dispatched_to(&first).done().await?)?;
    scene.day("2026-09-16").await?;
    let late = order.return_asked_by(&first, NOT_COMPETENT);
    late.refused(409, "return-window-over").await?;
    Ok(())
}
