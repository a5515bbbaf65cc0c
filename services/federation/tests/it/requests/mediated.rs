//! A case that is being mediated is not handed over.

use std::sync::atomic::Ordering::SeqCst;

use anyhow::Result;
use contracts::ids::CaseId;

use super::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn it_is_handed_over_when_its_mediation_has_ended() -> Result<()> {
    let (county, city) = two().await?;
    let case: CaseId = id();
    county.mediated.store(true, SeqCst);
    let answer = county.send(body("report_up", city.code, case)).await?;
    let problem = answer.expect_problem(409, "case-being-mediated")?;
    assert_eq!(problem["pointer"], "/case_id");
    // A question about it moves nothing.
    let mut question = body("report_up", city.code, case);
    question["values"]["ask"] = "instruct".into();
    county.send(question).await?.expect(201)?;

    county.mediated.store(false, SeqCst);
    sent(&county, "report_up", &city, case).await?;
    Ok(())
}
