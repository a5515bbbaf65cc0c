//! What happened with an application at the court, in the order in which it happened.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::judicial_confirmation::{ObjectionOutcome, ObjectorKind},
    ids::{ObligationId, PartyId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::application::ApplicationState;

/// The course of an application at the court.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Course {
    /// What the court asked for besides (民诉法解释 354, 356).
    pub supplements: Vec<Supplement>,
    /// How the court heard the parties (民诉法解释 356).
    pub questionings: Vec<Questioning>,
    /// The suspicion that is to be cleared up first.
    pub suspension: Option<Suspension>,
    /// Why it was treated as withdrawn, a code of the policy pack (民诉法解释 357).
    pub withdrawal_reason: Option<String>,
    /// Who received the ruling, and when.
    pub served: Vec<Served>,
    /// Objections to the ruling (民诉法解释 372).
    pub objections: Vec<Objection>,
    /// When the parties were told what remains (民事诉讼法 206).
    pub options_told_at: Option<DateTime<Utc>>,
    /// What the court told the organisation (法释〔2011〕5号 12); parties do not see it.
    pub circular: Option<Circular>,
    /// Applications for enforcement (民事诉讼法 206).
    pub enforcements: Vec<Enforcement>,
}

/// What the court asked for at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Supplement {
    /// Papers, codes of the policy pack.
    pub materials: Vec<String>,
    /// What is to be stated or explained.
    pub statement: Option<String>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// Last day for it, in China.
    pub last_day: NaiveDate,
    /// Where the application stood.
    pub from: ApplicationState,
    /// The end of the court's own time limit then.
    pub court_due_at: Option<DateTime<Utc>>,
    /// When everything was handed in.
    pub supplied_at: Option<DateTime<Utc>>,
    /// The applicants' statement.
    pub answer: Option<String>,
}

/// A questioning of the parties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Questioning {
    /// Its day, in China.
    pub held_on: NaiveDate,
    /// How, a code of the policy pack.
    pub way: String,
    /// The parties who were there.
    pub present: Vec<PartyId>,
}

/// A suspicion that stops the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suspension {
    /// Which, a code of the policy pack.
    pub reason: String,
    /// Whether the court suspects it; else the organisation that mediated does.
    pub by_court: bool,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// A receipt of the ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Served {
    /// Who received it.
    pub party_id: PartyId,
    /// Its day, in China.
    pub received_on: NaiveDate,
    /// Last day for the party's objection, in China.
    pub last_day: NaiveDate,
}

/// An objection to the ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Objection {
    /// A party or a third party.
    pub objector: ObjectorKind,
    /// The party, when it is one.
    pub party_id: Option<PartyId>,
    /// Since when the third party knew, or should have known, in China.
    pub knew_on: Option<NaiveDate>,
    /// Why.
    pub grounds: String,
    /// When.
    pub objected_at: DateTime<Utc>,
    /// What the court decided.
    pub outcome: Option<ObjectionOutcome>,
    /// Number of the decision.
    pub ruling_number: Option<String>,
    /// Its day, in China.
    pub decided_on: Option<NaiveDate>,
    /// Number of the ruling it replaced.
    pub replaced_number: Option<String>,
}

/// A circular on a non-confirmation 通报.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Circular {
    /// What is to be learnt from it.
    pub text: String,
    /// To whom, codes of the policy pack.
    pub recipients: Vec<String>,
    /// When.
    pub circulated_at: DateTime<Utc>,
}

/// An application for enforcement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Enforcement {
    /// The party that applies.
    pub party_id: PartyId,
    /// What was not performed.
    pub obligation_ids: Vec<ObligationId>,
    /// When.
    pub applied_at: DateTime<Utc>,
}
