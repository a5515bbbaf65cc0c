//! Transition 32 并案: who brought the same dispute goes on together, in one mediation with one agreement and one closing, and still
//! reads what became of the own matter.

use anyhow::Result;
use e2e::scenario::BUILDER;

#[tokio::test(flavor = "multi_thread")]
async fn two_cases_merge_and_one_file_closes() -> Result<()> {
    let scene = super::on("2026-09-01").await?;
    // Two owners against the same builder.
    let leading = scene.accepted("neighbour", ["张三", BUILDER]).await?;
    let merged = scene.accepted("neighbour", ["李四", BUILDER]).await?;
    merged.merged_into(&leading).done().await?;
    merged.stands("merged").await?;
    // What was merged is not handled apart from the other.
    let apart = merged.dispatched_to(&scene.cast.desk);
    apart.refused(409, "transition-not-allowed").await?;

    // Everybody sits at one table, the builder once.
    let mediation = leading.in_mediation().await?;
    assert_eq!(mediation.parties.len(), 3);
    let agreement = mediation.drafted(&[], true).await?;
    agreement.signed_and_sealed().await?;
    scene.day("2026-09-09").await?;
    leading.closed().await?;

    // One closing, and both have read it.
    for dispute in [&leading, &merged] {
        dispute.stands("closed").await?;
        assert_eq!(dispute.told().await?.last().unwrap(), "closed");
    }
    assert_eq!(
        merged.told().await?,
        ["registered", "accepted", "merged", "closed"]
    );
    // Two were received, one settlement is counted once.
    let numbers = "/reporting/v1/statistics?dimension=type";
    let numbers = scene.read(numbers, &scene.cast.leader).await?;
    assert_eq!(
        (&numbers["received"], &numbers["settled"]),
        (&1.into(), &1.into())
    );
    Ok(())
}
