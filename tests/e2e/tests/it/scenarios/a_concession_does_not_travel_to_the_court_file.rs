//! 人民法院在线调解规则 18: what a party offers for the sake of settlement is not used against it afterwards. It does not leave the
//! organisation that mediated: what goes to court are the facts nobody disputes, signed by everybody, and the evidence.

use anyhow::Result;

const OFFER: &str = "愿意只收两千元了结";
const FACTS: &str = "漏水属实,损失三千元";

#[tokio::test(flavor = "multi_thread")]
async fn a_concession_does_not_travel_to_the_court_file() -> Result<()> {
    let scene = super::on("2026-09-01").await?;
    let dispute = scene.accepted("neighbour", ["张三", "李四"]).await?;
    let (applicant, respondent) = (&dispute.applicant, &dispute.respondent);
    let mediation = dispute.in_mediation().await?;
    mediation.offered_by(applicant, OFFER).done().await?;
    mediation.undisputed(FACTS, dispute.parties()).await?;
    mediation.failed().done().await?;
    mediation.taken_to_court_by(applicant).done().await?;

    // The file for the court: the facts and the evidence, not the offer.
    for reader in [&applicant.account, &respondent.account] {
        let file = mediation.read("/filing-file", reader).await?;
        assert_eq!(file["undisputed_facts"]["content"], FACTS);
        assert_eq!(file["evidence"][0]["reference"], "卷12-3");
        assert!(!file.to_string().contains(OFFER), "{file}");
    }
    // Those who mediated read it; nobody else does, not even the other party.
    let of_mediation = &scene.cast.desk.mediator;
    let offers = mediation.read("/concessions", of_mediation).await?;
    assert_eq!(offers["items"][0]["content"], OFFER);
    let path = mediation.path("/concessions");
    for reader in [
        &respondent.account,
        &scene.cast.court,
        &scene.cast.coordinator,
        &scene.cast.leader,
    ] {
        scene.hidden(&path, reader, 403, "forbidden").await?;
    }
    // And it is nowhere but with mediation: in no event, in no other service's data, in nothing anybody was told.
    let stored = scene.stored_in(OFFER).await?;
    assert!(stored.contains(&"mediation.concessions".to_owned()));
    for table in &stored {
        assert!(
            table.starts_with("mediation.") && !table.ends_with("outbox"),
            "{table}"
        );
    }
    dispute.stands("follow_up").await?;
    assert!(
        dispute
            .told()
            .await?
            .contains(&"other_way_taken".to_owned())
    );
    Ok(())
}
