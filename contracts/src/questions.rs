//! Questions between services (NATS request-reply on `svc.<service>.<question>`): asked when the value of this moment is
//! needed; facts travel as events. Who may ask is part of the contract and enforced by the bus and by the answerer.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::{
    Service,
    events::{
        intake::{MatterClass, PartyKind, PartySide},
        reporting::{PeriodEvents, PeriodType},
    },
    identifiers::DocumentKind,
    ids::{CaseId, MatterId, OrganisationId, PartyId, RequestId},
    region::RegionCode,
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
        entry::<CaseDossier>(),
        entry::<ReceivedDossier>(),
        entry::<CaseMediated>(),
        entry::<PeriodFigures>(),
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

/// Whether the holder of an account mediates a case: who mediated may not visit (transition 27).
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

/// The file of a case 卷宗, to be sealed to the node that takes part in it. Not found when no matter of it was accepted here.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CaseDossier {
    /// The case.
    pub case_id: CaseId,
}

/// What a node needs to know to work on a case. Personal data: it leaves the node sealed, and is stored only where the case is
/// handled.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Dossier {
    /// The case.
    pub case_id: CaseId,
    /// Its accepted matters.
    pub matters: Vec<DossierMatter>,
}

/// A matter in a dossier.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DossierMatter {
    /// The matter.
    pub matter_id: MatterId,
    /// Where it happened.
    pub region: RegionCode,
    /// 受理编号.
    pub acceptance_number: String,
    /// Dispute, petition or complaint.
    pub class: MatterClass,
    /// Source code.
    pub source: String,
    /// Channel code.
    pub channel: String,
    /// The dispute type named at registration.
    pub type_hint: Option<String>,
    /// What the person said.
    pub narrative: String,
    /// Amount in dispute, fen.
    pub amount_fen: Option<i64>,
    /// How many people are involved.
    pub persons_involved: u32,
    /// Version of the personal-information notice the person was given (个人信息保护法 17).
    pub notice_version: String,
    /// The organisation whose window took it.
    pub organisation_id: Option<OrganisationId>,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: DateTime<Utc>,
    /// The parties, in the order they were named.
    pub parties: Vec<DossierParty>,
}

/// A party in a dossier.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DossierParty {
    /// The party.
    pub party_id: PartyId,
    /// Its side.
    pub side: PartySide,
    /// Natural or legal person.
    pub kind: PartyKind,
    /// Full name.
    pub name: String,
    /// Kind of its document.
    pub identifier_kind: Option<DocumentKind>,
    /// Number of its document.
    pub identifier_number: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// The account that speaks for it.
    pub account_subject: Option<String>,
    /// Whether it speaks for the other applicants of a collective matter 代表人.
    #[serde(default)]
    pub representative: bool,
}

impl Question for CaseDossier {
    type Answer = Dossier;
    const SERVICE: Service = Service::Intake;
    const NAME: &'static str = "case_dossier";
    const ASKERS: &'static [Service] = &[Service::Federation];
}

/// The dossier that came with a request this node signed for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReceivedDossier {
    /// The request.
    pub request_id: RequestId,
}

impl Question for ReceivedDossier {
    type Answer = Dossier;
    const SERVICE: Service = Service::Federation;
    const NAME: &'static str = "received_dossier";
    const ASKERS: &'static [Service] = &[Service::Intake];
}

/// Whether a mediation of a case runs at this node: meanwhile it is not handed over.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CaseMediated {
    /// The case.
    pub case_id: CaseId,
}

/// The answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CaseMediatedAnswer {
    /// Whether one does.
    pub mediated: bool,
}

impl Question for CaseMediated {
    type Answer = CaseMediatedAnswer;
    const SERVICE: Service = Service::Mediation;
    const NAME: &'static str = "case_mediated";
    const ASKERS: &'static [Service] = &[Service::Federation];
}

/// The figures of a period that is over, of a region and all under it, for a roll-up 汇总 or a return of data 数据回流.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PeriodFigures {
    /// The region.
    pub region: RegionCode,
    /// The code of the period: `2026`, `2026-H1`, `2026-Q3`, `2026-09`.
    pub period: String,
}

/// The figures. Those of the node's own closed period are the ones that it was closed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodFiguresAnswer {
    /// The last day whose events are counted.
    pub counted_to: NaiveDate,
    /// The version of the closed period; none when it is not closed.
    pub version: Option<i64>,
    /// Cases received 受理: the sum of the types and the residual.
    pub received: i64,
    /// Of these, settled 化解.
    pub settled: i64,
    /// Of those received, in no type 其他/未列明: not decided.
    pub residual: i64,
    /// Digest of the lines: `sha256:` and 64 hex digits.
    pub digest: String,
    /// By dispute type.
    pub types: Vec<PeriodType>,
    /// By the node that accepted the case.
    pub nodes: Vec<NodeFigures>,
    /// Events by kind.
    pub events: Vec<PeriodEvents>,
}

/// The cases of a node in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NodeFigures {
    /// The node.
    pub node: RegionCode,
    /// Cases received.
    pub received: i64,
    /// Of these, settled.
    pub settled: i64,
}

impl Question for PeriodFigures {
    type Answer = PeriodFiguresAnswer;
    const SERVICE: Service = Service::Reporting;
    const NAME: &'static str = "period_figures";
    const ASKERS: &'static [Service] = &[Service::Federation];
}
