//! 电子签名法 3: papers on marriage and other personal relations are not signed electronically. What was agreed on property and care
//! is signed by hand and confirmed over the counter. 民诉法解释 355: that a marriage ends is not confirmed at all.

use anyhow::Result;
use e2e::scenario::{AT_THE_WINDOW, PAPERS};

#[tokio::test(flavor = "multi_thread")]
async fn a_divorce_agreement_cannot_be_confirmed_online() -> Result<()> {
    let scene = super::on("2026-09-01").await?;
    let divorce = scene.accepted("marriage_family", ["张三", "李四"]).await?;
    let [husband, wife] = divorce.parties();
    let agreement = divorce.in_mediation().await?.drafted(&[], false).await?;

    // A signature on the screen has no effect, one on paper needs its scan.
    let electronic = agreement.signed_electronically_by(husband);
    let problem = electronic
        .refused(422, "signature-form-not-allowed")
        .await?;
    assert!(
        problem["detail_zh"]
            .as_str()
            .unwrap()
            .contains("电子签名法第3条")
    );
    let unseen = agreement.signed_by_hand(&husband.id, None);
    unseen.refused(422, "scan-required").await?;
    agreement.signed_and_sealed().await?;

    // Nobody applies from the sofa, however complete the papers are.
    let online = agreement.confirmation_asked_online_by(husband, AT_THE_WINDOW);
    let problem = online.refused(422, "paper-original-needed").await?;
    assert!(
        problem["detail_zh"]
            .as_str()
            .unwrap()
            .contains("电子签名法")
    );
    // Over the counter the paper original is wanted.
    let without = agreement.confirmation_asked_at_the_window_by(husband, PAPERS);
    let problem = without.refused(422, "materials-missing").await?;
    assert_eq!(problem["errors"][0]["code"], "paper_original");
    let applied = agreement.confirmation_asked_at_the_window_by(husband, AT_THE_WINDOW);
    let application = agreement.application(&applied.done().await?)?;
    // The other spouse comes to the counter too.
    let online = application.joined_online_by(wife);
    online.refused(422, "paper-original-needed").await?;
    application.joined_at_the_window_by(wife).done().await?;
    assert_eq!(application.state().await?, "joint_submitted");

    // The end of the marriage itself is not for the court's confirmation.
    let divorce = scene.accepted("marriage_family", ["王五", "赵六"]).await?;
    let mediation = divorce.in_mediation().await?;
    let agreement = mediation.drafted(&["status_relation"], false).await?;
    agreement.signed_and_sealed().await?;
    let applied = agreement.confirmation_asked_at_the_window_by(&divorce.applicant, AT_THE_WINDOW);
    let problem = applied.refused(422, "excluded-matter").await?;
    assert!(
        problem["detail_zh"]
            .as_str()
            .unwrap()
            .contains("民诉法解释 355")
    );
    Ok(())
}
