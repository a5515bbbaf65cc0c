//! An agreement in effect: whether, until when and by whom its confirmation may be applied for.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::mediation::{AgreementAmended, AgreementEffective},
    ids::{AgreementId, CaseId, OrganisationId, PartyId},
    region::RegionCode,
};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use policy::{
    Due,
    sections::confirmation::{Confirmation, Excluded},
};

/// An agreement in effect.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = crate::schema::agreements, treat_none_as_null = true)]
pub struct Agreement {
    /// The agreement.
    pub id: AgreementId,
    /// Its case.
    pub case_id: CaseId,
    /// Where it was made.
    pub region: RegionCode,
    /// The organisation that mediated.
    pub organisation_id: OrganisationId,
    /// Dispute type code.
    pub type_code: String,
    /// Contents the law excludes, as the mediator marked them.
    pub content_codes: Vec<String>,
    /// The parties bound, all of whom must apply.
    pub party_ids: Vec<PartyId>,
    /// Amount in fen; 0 when it is not about money.
    pub amount_fen: i64,
    /// When it took effect.
    pub effective_at: DateTime<Utc>,
    /// Last day for the joint application, in China.
    pub last_day: NaiveDate,
    /// The end of that day.
    pub closes_at: DateTime<Utc>,
    /// Whether that rests on a calendar year not announced yet.
    pub provisional: bool,
    /// The court that invited the organisation to mediate this dispute (民事诉讼法 205 (1)).
    pub inviting_court_id: Option<OrganisationId>,
    /// Number of its invitation.
    pub invitation_number: Option<String>,
    /// Day of the invitation.
    pub invited_on: Option<NaiveDate>,
    /// How often it was changed since it first took effect.
    pub amendment: i32,
    /// Since when it binds nobody any more.
    pub voided_at: Option<DateTime<Utc>>,
}

impl Agreement {
    /// The agreement of an event, with the end of its window.
    #[must_use]
    pub fn of(event: AgreementEffective, due: &Due) -> Self {
        Self {
            id: event.agreement_id,
            case_id: event.case_id,
            region: event.region,
            organisation_id: event.organisation_id,
            type_code: event.type_code,
            content_codes: event.content_codes,
            party_ids: event.party_ids,
            amount_fen: event.amount_fen,
            effective_at: event.effective_at,
            last_day: due.last_day,
            closes_at: due.at,
            provisional: due.provisional,
            inviting_court_id: None,
            invitation_number: None,
            invited_on: None,
            amendment: 0,
            voided_at: None,
        }
    }

    /// The agreement as the parties changed it, with the end of its window; `None` when that is known already.
    #[must_use]
    pub fn amended(mut self, event: &AgreementAmended, due: &Due) -> Option<Self> {
        if event.amended_at <= self.effective_at {
            return None;
        }
        self.content_codes.clone_from(&event.content_codes);
        self.amount_fen = event.amount_fen;
        self.effective_at = event.amended_at;
        self.last_day = due.last_day;
        self.closes_at = due.at;
        self.provisional = due.provisional;
        self.amendment += 1;
        Some(self)
    }

    /// Why the law excludes it from confirmation (民诉法解释 355); `None` when it does not.
    #[must_use]
    pub fn exclusion<'a>(&self, confirmation: &'a Confirmation) -> Option<&'a Excluded> {
        confirmation.exclusion(&self.type_code, &self.content_codes)
    }

    /// Whether an application at `now` is in time.
    #[must_use]
    pub fn in_window(&self, now: DateTime<Utc>) -> bool {
        now < self.closes_at
    }
}
