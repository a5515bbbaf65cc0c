//! The questions of evaluation and of the border desk.

use anyhow::Result;
use chassis::bus::Bus;
use contracts::{
    Service,
    questions::{CaseMediated, IsMediatorOf},
};

use crate::support;

#[tokio::test(flavor = "multi_thread")]
async fn an_account_mediates_a_case_from_the_start_on() -> Result<()> {
    let desk = support::start().await?;
    let (case, _) = desk.started().await?;
    let (waiting, _) = desk.opened().await?;
    let mut config = chassis::config::NatsConfig {
        url: desk.service.nats.url(),
        ..Default::default()
    };
    let login = chassis::config::Login {
        user: Some("evaluation".to_owned()),
        password: Some("test".into()),
        ..chassis::config::Login::default()
    };
    config.services.insert("evaluation".to_owned(), login);
    let bus = Bus::connect(&config, Service::Evaluation).await?;
    for (case_id, subject, expected) in [
        (case.id, "test-mediator", true),
        (case.id, "test-organisation_officer", false),
        (waiting.id, "test-mediator", false),
    ] {
        let answer = bus
            .ask(&IsMediatorOf {
                case_id,
                subject: subject.to_owned(),
            })
            .await?;
        assert_eq!(answer.is_mediator, expected, "{subject}");
    }
    let mediated = async |case_id| {
        let question = CaseMediated { case_id };
        let answer = desk.service.ask(Service::Federation, &question).await?;
        anyhow::Ok(answer.unwrap().mediated)
    };
    assert!(mediated(case.id).await?);
    assert!(!mediated(support::id()).await?);
    Ok(())
}
