//! Cases that go to, and come from, another node.

use anyhow::Result;
use contracts::{
    Service as Asker,
    events::{federation::CaseAdopted, intake::MatterAccepted},
    ids::{CaseId, EventId, RequestId, TypedId as _},
    questions::{CaseDossier, Dossier, ReceivedDossier},
};
use serde_json::json;

use crate::support::*;

/// The file of an accepted case, as the border desk gets it.
async fn file(service: &Service) -> Result<Dossier> {
    let (matter_id, case_id) = registered(service).await?;
    let refused = service
        .ask(Asker::Federation, &CaseDossier { case_id })
        .await?;
    // Only registered: nothing to hand over yet.
    assert_eq!(refused.err().as_deref(), Some("not-found"));
    let clerk = service.role("window_clerk");
    let path = format!("/intake/v1/matters/{matter_id}/accept");
    service.post(&path, &clerk, json!({})).await?.expect(200)?;
    let file = service
        .ask(Asker::Federation, &CaseDossier { case_id })
        .await?;
    file.map_err(anyhow::Error::msg)
}

fn adopted(file: &Dossier) -> CaseAdopted {
    CaseAdopted {
        case_id: file.case_id,
        request_id: RequestId::from_uuid(uuid::Uuid::from_u128(5)),
        from_node: "6205".parse().unwrap(),
        adopted_at: "2026-09-01T02:00:00Z".parse().unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_a_case_goes_to_the_border_desk_alone() -> Result<()> {
    let service = Service::start().await?;
    let file = file(&service).await?;
    let [matter] = file.matters.as_slice() else {
        panic!("one matter")
    };
    assert_eq!(matter.narrative, "邻居家的空调外机整夜轰鸣，多次沟通无果");
    assert_eq!(matter.parties.len(), 2);
    let number = matter.parties[0].identifier_number.as_deref();
    assert_eq!(number, Some("11010519491231002X"));
    for asker in [Asker::Triage, Asker::Mediation, Asker::Reporting] {
        let question = CaseDossier {
            case_id: file.case_id,
        };
        let refused = service.ask(asker, &question).await?;
        assert_eq!(refused.err().as_deref(), Some("forbidden"), "{asker}");
    }
    let question = CaseDossier {
        case_id: CaseId::from_uuid(uuid::Uuid::from_u128(9)),
    };
    let refused = service.ask(Asker::Federation, &question).await?;
    assert_eq!(refused.err().as_deref(), Some("not-found"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_was_handed_over_is_worked_on_under_its_own_ids() -> Result<()> {
    let there = Service::start().await?;
    let here = Service::start().await?;
    let mut file = file(&there).await?;
    file.matters[0].parties[0].representative = true;
    let sent = file.clone();
    here.answer::<ReceivedDossier>(move |_| sent.clone())
        .await?;
    let event = adopted(&file);
    let id = EventId::from_uuid(uuid::Uuid::from_u128(1));
    for _ in 0..2 {
        here.publish_as(id, Asker::Federation, file.case_id, &event)
            .await?;
    }
    // The same case by another event: it is known.
    here.publish(Asker::Federation, file.case_id, &event)
        .await?;
    here.settle().await?;
    let accepted = here.published::<MatterAccepted>().await?;
    let [fact] = accepted.as_slice() else {
        panic!("{accepted:?}")
    };
    assert_eq!(accepted, there.published::<MatterAccepted>().await?);
    assert_eq!(fact.case_id, file.case_id);
    assert_eq!(here.count("matters").await?, 1);
    assert_eq!(here.count("parties WHERE representative").await?, 1);
    // What it got, it can hand on or give back unchanged.
    let again = here
        .ask(
            Asker::Federation,
            &CaseDossier {
                case_id: file.case_id,
            },
        )
        .await?;
    assert!(again.is_ok_and(|again| again == file));
    let (status, codes) = public(&here, file.case_id).await?;
    assert_eq!(status, "accepted");
    assert_eq!(codes, ["registered", "accepted"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_comes_back_stays_as_it_is() -> Result<()> {
    let service = Service::start().await?;
    let file = file(&service).await?;
    let event = adopted(&file);
    // Nobody answers for the dossier: it is not even asked for.
    service
        .publish(Asker::Federation, file.case_id, &event)
        .await?;
    service.settle().await?;
    assert_eq!(service.count("matters").await?, 1);
    assert_eq!(service.count("parties").await?, 2);
    assert_eq!(service.published::<MatterAccepted>().await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_and_places_of_another_node_do_no_harm() -> Result<()> {
    let service = Service::start().await?;
    let own = file(&service).await?;
    // The other node gave the same number, to a case of a county that is not this node's.
    let mut theirs = own.clone();
    theirs.case_id = CaseId::from_uuid(uuid::Uuid::from_u128(2));
    theirs.matters[0].matter_id = contracts::ids::MatterId::from_uuid(uuid::Uuid::from_u128(3));
    theirs.matters[0].region = "620502".parse()?;
    for (at, party) in (10_u128..).zip(&mut theirs.matters[0].parties) {
        party.party_id = contracts::ids::PartyId::from_uuid(uuid::Uuid::from_u128(at));
    }
    let event = adopted(&theirs);
    let case = theirs.case_id;
    service
        .answer::<ReceivedDossier>(move |_| theirs.clone())
        .await?;
    service.publish(Asker::Federation, case, &event).await?;
    service.settle().await?;
    let accepted = service.published::<MatterAccepted>().await?;
    assert_eq!(accepted.len(), 2);
    assert_eq!(accepted[0].acceptance_number, accepted[1].acceptance_number);
    assert_eq!(accepted[1].region.as_str(), testkit::service::NODE);
    // The next own number is the next, and still unique.
    let clerk = service.role("window_clerk");
    let (matter, _) = registered(&service).await?;
    let path = format!("/intake/v1/matters/{matter}/accept");
    service.post(&path, &clerk, json!({})).await?.expect(200)?;
    Ok(())
}
