//! The rules alone; sequences of commands are walked in `machines`.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use judicial_confirmation::domain::{
    agreement::Agreement,
    application::{Application, ApplicationState},
    parties::{ApplyCommand, Manner, Terms},
    refusal::Refusal,
    venue::Places,
};
use policy::PolicyPack;

use crate::support::{COUNTY, court, effective, id};

pub static POLICY: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap());

pub fn beginning() -> DateTime<Utc> {
    testkit::service::BEGINNING.parse().unwrap()
}

pub fn agreement(parties: usize) -> Agreement {
    let mut event = effective(beginning());
    event.party_ids = (0..parties).map(|_| id()).collect();
    let due = POLICY
        .due("confirmation.apply", None, event.effective_at)
        .unwrap();
    Agreement::of(event, &due)
}

fn application(agreement: &Agreement) -> Result<Application, Refusal> {
    let applied = Application::apply(
        agreement,
        command(agreement),
        POLICY.confirmation(),
        beginning(),
    )?;
    Ok(applied.0)
}

pub fn command(agreement: &Agreement) -> ApplyCommand {
    ApplyCommand {
        id: id(),
        party_id: agreement.party_ids[0],
        terms: Terms {
            court_id: court(),
            court_basis: "domicile".to_owned(),
            places: Places {
                organisations: Vec::new(),
                declared: vec![("domicile".to_owned(), COUNTY.parse().unwrap())],
            },
            materials: ["agreement", "organisation_proof", "identity", "contact"]
                .map(str::to_owned)
                .to_vec(),
            manner: AT_WINDOW,
        },
    }
}

pub const AT_WINDOW: Manner = Manner {
    at_window: true,
    by_hand: false,
};

#[test]
fn all_parties_can_be_had_only_once() {
    let agreement = agreement(2);
    let application = application(&agreement).unwrap();
    let refused = application.join(agreement.party_ids[0], AT_WINDOW, beginning());
    assert!(matches!(refused, Err(Refusal::AlreadyApplied)));
}

#[test]
fn property_papers_are_needed_where_property_is_at_stake() {
    let mut agreement = agreement(2);
    agreement.type_code = "homestead".to_owned();
    let Err(Refusal::MaterialsMissing(missing)) = application(&agreement) else {
        panic!("no proof of property was asked for")
    };
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].code, "property_proof");
}

#[test]
fn papers_signed_by_hand_come_over_the_counter() {
    let agreement = agreement(2);
    let mut online = command(&agreement);
    online.terms.manner = Manner {
        at_window: false,
        by_hand: true,
    };
    let refused = Application::apply(&agreement, online, POLICY.confirmation(), beginning());
    assert!(matches!(refused, Err(Refusal::PaperOriginalNeeded)));
    let joins = application(&agreement).unwrap().join(
        agreement.party_ids[1],
        Manner {
            at_window: false,
            by_hand: true,
        },
        beginning(),
    );
    assert!(matches!(joins, Err(Refusal::PaperOriginalNeeded)));
}

#[test]
fn what_is_prepared_may_lack_papers_and_what_is_submitted_may_not() {
    let agreement = agreement(2);
    let (confirmation, now) = (POLICY.confirmation(), beginning());
    let mut draft = command(&agreement);
    let terms = draft.terms.clone();
    draft.terms.materials.clear();
    let prepared = Application::prepare(&agreement, draft.clone(), confirmation, now).unwrap();
    assert_eq!(prepared.state, ApplicationState::Preparing);
    let asked = |terms| (agreement.party_ids[0], terms);
    let refused = prepared
        .clone()
        .submit(&agreement, asked(draft.terms), confirmation, now);
    assert!(matches!(refused, Err(Refusal::MaterialsMissing(missing)) if missing.len() == 4));
    let (submitted, _) = prepared
        .submit(&agreement, asked(terms), confirmation, now)
        .unwrap();
    assert_eq!(submitted.state, ApplicationState::AwaitOtherParty);
    assert_eq!(submitted.version, 2);
}
