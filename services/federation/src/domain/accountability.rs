//! Who answers for a case 主办: exactly one node at any time. A row says who it is as far as this node knows;
//! without one it is the node that accepted the case.

use chrono::{DateTime, Utc};
use contracts::{
    border::HandsOver,
    events::federation::AccountabilityMoved,
    ids::{CaseId, RequestId},
    region::RegionCode,
};
use diesel::{AsChangeset, Insertable, Queryable, Selectable};

use super::{Refusal, Request};
use crate::schema;

/// Who answers for a case.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::accountability)]
pub struct Accountability {
    /// The case.
    pub case_id: CaseId,
    /// The node that answers for it.
    pub node: RegionCode,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The request by which it was handed over.
    pub request_id: RequestId,
    /// The number of that hand-over, from 1. Only a higher one takes its place: signatures may arrive in another order than they
    /// were given, and clocks of nodes differ.
    pub handover: i32,
}

/// How a case stands before it is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Who answers for it, when it was ever handed over.
    pub known: Option<&'a Accountability>,
    /// A hand-over that nobody has signed for yet.
    pub under_way: bool,
    /// How often equals have refused it.
    pub refused: i64,
    /// It is being mediated here.
    pub mediated: bool,
}

impl Standing<'_> {
    /// The number of the next hand-over.
    #[must_use]
    pub fn next_handover(&self) -> i32 {
        self.known.map_or(0, |known| known.handover) + 1
    }

    /// Whether `node` may hand the case over. That it accepted the case at all is seen from the dossier.
    ///
    /// # Errors
    /// [`Refusal::NotAccountable`], [`Refusal::HandoverUnderWay`], [`Refusal::Mediated`].
    pub fn check_handover(&self, node: RegionCode) -> Result<(), Refusal> {
        if self.known.is_some_and(|known| known.node != node) {
            return Err(Refusal::NotAccountable);
        }
        if self.under_way {
            return Err(Refusal::HandoverUnderWay);
        }
        if self.mediated {
            return Err(Refusal::Mediated);
        }
        Ok(())
    }
}

impl Accountability {
    /// Whether it is newer than what is known.
    #[must_use]
    pub fn replaces(&self, known: Option<&Self>) -> bool {
        known.is_none_or(|known| known.handover < self.handover)
    }

    /// What a signature changes: `None` when the request hands nothing over.
    #[must_use]
    pub fn moved_by(request: &Request, at: DateTime<Utc>) -> Option<(Self, AccountabilityMoved)> {
        let case_id = request.case_id?;
        if request.hands_over != HandsOver::OnSign {
            return None;
        }
        let row = Self {
            case_id,
            node: request.to_node,
            since: at,
            request_id: request.id,
            handover: request.handover,
        };
        let event = AccountabilityMoved {
            case_id,
            from_node: request.from_node,
            to_node: request.to_node,
            request_id: request.id,
            at,
        };
        Some((row, event))
    }
}
