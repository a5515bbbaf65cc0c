//! Matters that belong together (信访工作条例 19): proposed by the machine, linked by a person.

use chrono::{DateTime, Utc};
use contracts::{
    events::intake::{LinkKind, MatterLinked},
    ids::MatterId,
};
use diesel::{Insertable, Queryable, Selectable};

use super::{Refusal, matter::Matter};

/// A link between two matters.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::matter_links)]
pub struct MatterLink {
    /// The matter that was linked.
    pub matter_id: MatterId,
    /// The matter it was linked to.
    pub other_matter_id: MatterId,
    /// How they belong together.
    pub kind: LinkKind,
    /// Why.
    pub reason: String,
    /// Subject of who linked them.
    pub linked_by: String,
    /// When.
    pub linked_at: DateTime<Utc>,
}

/// How a link is asked for.
pub struct Linking<'a> {
    /// How they belong together.
    pub kind: LinkKind,
    /// Why.
    pub reason: &'a str,
    /// Subject of who links them.
    pub by: &'a str,
}

impl Matter {
    /// Links it to another matter.
    ///
    /// # Errors
    /// [`Refusal::LinkWithItself`]; [`Refusal::LinkedAlready`] when `linked`.
    pub fn link(
        &self,
        other: &Self,
        linked: bool,
        linking: &Linking<'_>,
        now: DateTime<Utc>,
    ) -> Result<(MatterLink, MatterLinked), Refusal> {
        if self.id == other.id {
            return Err(Refusal::LinkWithItself);
        }
        if linked {
            return Err(Refusal::LinkedAlready);
        }
        let link = MatterLink {
            matter_id: self.id,
            other_matter_id: other.id,
            kind: linking.kind,
            reason: linking.reason.trim().to_owned(),
            linked_by: linking.by.to_owned(),
            linked_at: now,
        };
        let event = MatterLinked {
            matter_id: self.id,
            other_matter_id: other.id,
            case_id: self.case_id,
            region: self.region,
            kind: linking.kind,
            linked_at: now,
        };
        Ok((link, event))
    }
}
