//! A case that is being mediated is not handed over.

use anyhow::Result;
use contracts::{
    Service,
    events::mediation::{MediationEnded, MediationOpened, MediationOutcome},
    ids::{CaseId, ProceedingId},
};

use super::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn it_is_handed_over_when_its_mediation_has_ended() -> Result<()> {
    let (county, city) = two().await?;
    let (case, proceeding): (CaseId, ProceedingId) = (id(), id());
    let at = county.service.time.now();
    let opened = MediationOpened {
        proceeding_id: proceeding,
        case_id: case,
        region: county.code,
        order_id: id(),
        organisation_id: id(),
        opened_at: at,
    };
    let service = &county.service;
    service.publish(Service::Mediation, case, &opened).await?;
    service.settle().await?;
    let answer = county.send(body("report_up", city.code, case)).await?;
    let problem = answer.expect_problem(409, "case-being-mediated")?;
    assert_eq!(problem["pointer"], "/case_id");
    // A question about it moves nothing, nor does another case wait.
    let mut question = body("report_up", city.code, case);
    question["values"]["ask"] = "instruct".into();
    county.send(question).await?.expect(201)?;
    sent(&county, "report_up", &city, id()).await?;

    let ended = MediationEnded {
        proceeding_id: proceeding,
        case_id: case,
        region: county.code,
        end_code: "failed".to_owned(),
        outcome: MediationOutcome::Failed,
        other_ways: Vec::new(),
        ended_at: at,
    };
    service.publish(Service::Mediation, case, &ended).await?;
    service.settle().await?;
    sent(&county, "report_up", &city, case).await?;
    Ok(())
}
