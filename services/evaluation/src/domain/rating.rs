//! A rating 群众评价 (EV-02).

use chrono::{DateTime, Utc};
use contracts::{
    events::evaluation::RatingGiven,
    ids::{CaseId, PartyId, RatingId},
};
use diesel::prelude::{Insertable, Queryable, Selectable};
use policy::sections::evaluation::RatingScale;

use super::{case::Case, refusal::Refusal};

/// A party's rating; it gives one.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::ratings)]
pub struct Rating {
    /// The rating.
    pub id: RatingId,
    /// The case.
    pub case_id: CaseId,
    /// The party.
    pub party_id: PartyId,
    /// Score on the policy pack's scale.
    pub score: i16,
    /// What the party said.
    pub comment: Option<String>,
    /// Whether the party gave it itself; otherwise an evaluator recorded it.
    pub own: bool,
    /// When.
    pub given_at: DateTime<Utc>,
}

impl Rating {
    /// A party rates a case whose work has ended.
    ///
    /// # Errors
    /// The rule that is broken.
    pub fn give(
        id: RatingId,
        case: &Case,
        (party_id, own): (PartyId, bool),
        (score, comment): (u8, Option<String>),
        scale: &RatingScale,
        now: DateTime<Utc>,
    ) -> Result<(Self, RatingGiven), Refusal> {
        if !case.party_ids.contains(&party_id) {
            return Err(Refusal::NotAParty);
        }
        case.check_ended()?;
        if !scale.contains(score) {
            return Err(Refusal::ScoreOutOfRange);
        }
        let rating = Self {
            id,
            case_id: case.id,
            party_id,
            score: i16::from(score),
            comment,
            own,
            given_at: now,
        };
        let event = RatingGiven {
            rating_id: id,
            case_id: case.id,
            region: case.region,
            score,
            given_at: now,
        };
        Ok((rating, event))
    }
}
