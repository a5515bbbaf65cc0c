//! 人民法院在线调解规则 24: mediation lasts thirty days, longer once and only when every party agrees. 26: while something is
//! appraised the time stands still. 劳动争议调解仲裁法 14: labour mediation lasts fifteen days and no longer.

use anyhow::Result;
use e2e::scenario::BUILDER;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_appraisal_stops_the_clock_and_an_extension_is_capped() -> Result<()> {
    let scene = super::on("2026-09-01").await?;
    let officer = scene.cast.desk.officer.clone();
    let dispute = scene.accepted("neighbour", ["张三", "李四"]).await?;
    let mediation = dispute.in_mediation().await?;
    // The thirtieth day is 1 October, a holiday until the 7th: the time ends with 8 October.
    let begun = mediation.read("", &officer).await?;
    assert_eq!(begun["due_at"], "2026-10-08T16:00:00Z");

    // The damage is appraised from 8 September on. That takes longer than the whole time.
    scene.day("2026-09-08").await?;
    let suspended = mediation.suspended_for("appraisal").done().await?;
    assert_eq!(suspended["pauses"][0]["stops_clock"], true);
    dispute.stands("paused").await?;
    scene.day("2026-10-19").await?;
    let clocks = "/mediation/v1/clocks?state=paused&kind=mediation.statutory";
    let paused = scene.read(clocks, &officer).await?;
    assert_eq!(paused["items"][0]["case_id"], json!(dispute.case_id));
    let resumed = mediation.resumed().done().await?;
    // Forty-one days were missed: 1 October becomes 11 November, a Wednesday.
    assert_eq!(resumed["due_at"], "2026-11-11T16:00:00Z");
    dispute.stands("mediating").await?;

    // One party alone cannot lengthen it, all of them can, once.
    let [one, _] = mediation.parties.as_slice() else {
        panic!("two parties")
    };
    let alone = mediation.extended_by(&[one]);
    alone.refused(409, "extension-needs-every-party").await?;
    let extended = mediation.extended_by(&mediation.parties).done().await?;
    assert_eq!(extended["due_at"], "2026-12-11T16:00:00Z");
    let again = mediation.extended_by(&mediation.parties);
    again.refused(409, "extension-capped").await?;

    // For a labour dispute the law knows no extension at all.
    let wages = scene.accepted("labour", ["王五", BUILDER]).await?;
    let mediation = wages.in_mediation().await?;
    let longer = mediation.extended_by(&mediation.parties);
    longer.refused(409, "extension-capped").await?;
    Ok(())
}
