//! An organisation was registered.

use anyhow::Result;
use contracts::{Service, events::mediation::OrganisationRegistered, ids::EventId};

use crate::support::{self, COUNTY};

#[tokio::test(flavor = "multi_thread")]
async fn the_register_is_kept_once_and_the_last_entry_counts() -> Result<()> {
    let service = support::start().await?;
    let mut event = OrganisationRegistered {
        organisation_id: support::id(),
        region: COUNTY.parse()?,
        kind: "township_pmc".to_owned(),
        name: "某调委会".to_owned(),
        routes: vec!["arbitration".to_owned()],
    };
    let (event_id, subject) = (support::id::<EventId>(), event.organisation_id);
    for _ in 0..2 {
        service
            .publish_as(event_id, Service::Mediation, subject, &event)
            .await?;
    }
    event.routes = vec!["peoples_mediation".to_owned()];
    service.publish(Service::Mediation, subject, &event).await?;
    service.settle().await?;
    assert_eq!(service.count("organisations").await?, 1);

    let case_id = support::decided_case(&service).await?;
    let path = format!("/triage/v1/cases/{case_id}/dispatch");
    let officer = service.role("triage_officer");
    let body = support::dispatch_to(subject);
    service.post(&path, &officer, body).await?.expect(201)?;
    Ok(())
}
