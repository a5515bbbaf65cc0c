//! Questions between services (NATS request-reply on `svc.<service>.<question>`): asked when the value of this moment is
//! needed; facts travel as events. Who may ask is part of the contract and enforced by the bus and by the answerer.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::{
    Service,
    events::intake::{PartyKind, PartySide},
    ids::{CaseId, MatterId, PartyId},
};

/// A kind of question: the implementing type is the question's body.
pub trait Question: Serialize + DeserializeOwned + 'static {
    /// The answer's body.
    type Answer: Serialize + DeserializeOwned + 'static;
    /// Who answers.
    const SERVICE: Service;
    /// Name of the question, snake_case.
    const NAME: &'static str;
    /// Who may ask.
    const ASKERS: &'static [Service];

    /// The subject it is asked on.
    #[must_use]
    fn subject() -> String {
        format!("svc.{}.{}", Self::SERVICE, Self::NAME)
    }
}

/// Every question: subject and askers. The bus permissions are made from it.
#[must_use]
pub fn catalogue() -> Vec<(Service, String, &'static [Service])> {
    fn entry<Q: Question>() -> (Service, String, &'static [Service]) {
        (Q::SERVICE, Q::subject(), Q::ASKERS)
    }
    vec![
        entry::<MatterNarrative>(),
        entry::<PartyOfSubject>(),
        entry::<CaseParties>(),
        entry::<IsMediatorOf>(),
    ]
}

/// What the person said, for reading once: the asker keeps matched words, never the text.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MatterNarrative {
    /// The matter.
    pub matter_id: MatterId,
}

/// The narrative. Personal data: not to be stored or logged by the asker.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Narrative {
    /// What the person said.
    pub text: String,
}

impl Question for MatterNarrative {
    type Answer = Narrative;
    const SERVICE: Service = Service::Intake;
    const NAME: &'static str = "matter_narrative";
    const ASKERS: &'static [Service] = &[Service::Triage];
}

/// Which party of a case the holder of an account is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PartyOfSubject {
    /// The case.
    pub case_id: CaseId,
    /// The token's subject.
    pub subject: String,
}

/// The party, when the account belongs to one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PartyOfSubjectAnswer {
    /// The party.
    pub party_id: Option<PartyId>,
}

impl Question for PartyOfSubject {
    type Answer = PartyOfSubjectAnswer;
    const SERVICE: Service = Service::Intake;
    const NAME: &'static str = "party_of_subject";
    const ASKERS: &'static [Service] = &[
        Service::Mediation,
        Service::JudicialConfirmation,
        Service::Evaluation,
    ];
}

/// The identities of a case's parties, for a document.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CaseParties {
    /// The case.
    pub case_id: CaseId,
}

/// A party with its name. Personal data: not to be stored or logged by the asker.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct NamedParty {
    /// The party.
    pub party_id: PartyId,
    /// Its side.
    pub side: PartySide,
    /// Natural or legal person.
    pub kind: PartyKind,
    /// Full name.
    pub name: String,
}

impl Question for CaseParties {
    type Answer = Vec<NamedParty>;
    const SERVICE: Service = Service::Intake;
    const NAME: &'static str = "case_parties";
    const ASKERS: &'static [Service] = &[Service::Mediation, Service::JudicialConfirmation];
}

/// Whether the holder of an account mediates a case: who mediated may not visit (3-lifecycle 27).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct IsMediatorOf {
    /// The case.
    pub case_id: CaseId,
    /// The token's subject.
    pub subject: String,
}

/// The answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct IsMediatorOfAnswer {
    /// Whether they do.
    pub is_mediator: bool,
}

impl Question for IsMediatorOf {
    type Answer = IsMediatorOfAnswer;
    const SERVICE: Service = Service::Mediation;
    const NAME: &'static str = "is_mediator_of";
    const ASKERS: &'static [Service] = &[Service::Evaluation];
}
