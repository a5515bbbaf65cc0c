//! 民事诉讼法 205: the parties apply for confirmation together within thirty days of the agreement's effect. 85: the day of the effect
//! does not count, and a last day that is a holiday moves to the first day after it.

use anyhow::Result;
use e2e::scenario::PAPERS;

#[tokio::test(flavor = "multi_thread")]
async fn the_thirtieth_day_falls_on_a_holiday() -> Result<()> {
    let scene = super::on("2026-09-01").await?;
    let mut agreements = Vec::new();
    for parties in [["张三", "李四"], ["王五", "赵六"]] {
        let dispute = scene.accepted("contract", parties).await?;
        let agreement = dispute.in_mediation().await?.drafted(&[], false).await?;
        agreement.signed_and_sealed().await?;
        // The thirtieth day is 1 October. The National Day holidays last until 7 October.
        let window = agreement.window(&dispute.applicant).await?;
        assert_eq!(window["last_day"], "2026-10-08");
        assert_eq!(window["last_day_provisional"], false);
        agreements.push((dispute, agreement));
    }
    let [(in_time, agreed), (late, left)] = agreements.as_slice() else {
        panic!("two agreements")
    };

    // On the last working day before the holidays one party of each applies.
    scene.day("2026-09-30").await?;
    let applied = agreed.confirmation_asked_online_by(&in_time.applicant, PAPERS);
    let application = agreed.application(&applied.done().await?)?;
    let applied = left.confirmation_asked_online_by(&late.applicant, PAPERS);
    let alone = left.application(&applied.done().await?)?;

    // The time is about to end, and they are told (20, 25 and 29 days after the effect).
    assert!(late.told().await?.contains(&"confirmation_due".to_owned()));

    // On 8 October the other party of the first is still in time.
    scene.day("2026-10-08").await?;
    let joined = application.joined_online_by(&in_time.respondent);
    joined.done().await?;
    assert_eq!(application.state().await?, "joint_submitted");

    // On 9 October the other party of the second is not.
    scene.day("2026-10-09").await?;
    alone.expired().await?;
    let joined = alone.joined_online_by(&late.respondent);
    joined.refused(409, "transition-not-allowed").await?;
    let applied = left.confirmation_asked_online_by(&late.respondent, PAPERS);
    applied.refused(422, "application-window-closed").await?;
    // The agreement binds all the same.
    late.stands("performing").await?;
    assert_eq!(late.told().await?.last().unwrap(), "confirmation_expired");
    Ok(())
}
