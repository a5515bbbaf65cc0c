//! 人民调解法 33: when the court does not confirm what was agreed, the parties may change it, agree anew, or sue. Who sues no longer owes
//! what was agreed: nobody is reminded of it, it does not count as settled, and the file is closed like any other.

use anyhow::Result;
use e2e::scenario::PAPERS;

#[tokio::test(flavor = "multi_thread")]
async fn the_court_does_not_confirm_and_the_parties_sue() -> Result<()> {
    let scene = super::on("2026-09-01").await?;
    let dispute = scene.accepted("contract", ["张三", "李四"]).await?;
    let mediation = dispute.in_mediation().await?;
    let agreement = mediation.drafted(&[], false).await?;
    agreement.signed_and_sealed().await?;
    // What binds is not left for a suit.
    let sues = || mediation.taken_to_court_by(&dispute.applicant);
    sues().refused(409, "transition-not-allowed").await?;

    scene.day("2026-09-07").await?;
    let applied = agreement.confirmation_asked_online_by(&dispute.applicant, PAPERS);
    let application = agreement.application(&applied.done().await?)?;
    application
        .joined_online_by(&dispute.respondent)
        .done()
        .await?;
    application.dismissed(dispute.parties()).await?;
    assert_eq!(application.state().await?, "dismissed");
    dispute.stands("performing").await?;
    let ledger = format!("/reporting/v1/ledger/{}", dispute.case_id);
    let row = scene.read(&ledger, &scene.cast.leader).await?;
    assert_eq!(row["outcome"], "agreed");

    scene.day("2026-09-08").await?;
    sues().done().await?;
    scene.settle().await?;
    let row = scene.read(&ledger, &scene.cast.leader).await?;
    assert_eq!(
        (&row["outcome"], &row["ruling"]),
        (&"failed".into(), &"dismissed".into())
    );
    // Nobody can have it confirmed, or enforced, another way.
    let again = agreement.confirmation_asked_online_by(&dispute.applicant, PAPERS);
    again.refused(409, "agreement-voided").await?;
    // A month after the last day of the payment nobody has been reminded, and nobody has waited for it.
    scene.day("2026-11-09").await?;
    let told = dispute.told().await?;
    assert!(!told.contains(&"performance_due".to_owned()), "{told:?}");
    dispute.closed().await?;
    dispute.stands("closed").await
}
