//! Matters that belong together (信访工作条例 19): proposed by the machine, linked by a person.

use chrono::{DateTime, Utc};
use contracts::{
    events::intake::{LinkKind, MatterLinked, MatterUnlinked},
    ids::MatterId,
};
use diesel::{Insertable, Queryable, Selectable};

use super::{
    Refusal,
    matter::{Matter, MatterState},
};

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

    /// Undoes a link to another matter 撤销关联: each stands on its own again.
    ///
    /// # Errors
    /// [`Refusal::LinkInEffect`] when both are handled in one case (it would have to be split first), or when either was declined
    /// after they were linked as duplicates: its person was told to follow the other one.
    pub fn unlink(
        &self,
        other: &Self,
        link: &MatterLink,
        now: DateTime<Utc>,
    ) -> Result<MatterUnlinked, Refusal> {
        let declined = |matter: &Self| {
            link.kind == LinkKind::Duplicate
                && matter.state == MatterState::NotAccepted
                && matter.decided_at.is_some_and(|at| at >= link.linked_at)
        };
        if self.case_id == other.case_id || declined(self) || declined(other) {
            return Err(Refusal::LinkInEffect);
        }
        let first = if link.matter_id == self.id {
            self
        } else {
            other
        };
        Ok(MatterUnlinked {
            matter_id: link.matter_id,
            other_matter_id: link.other_matter_id,
            case_id: first.case_id,
            region: first.region,
            kind: link.kind,
            unlinked_at: now,
        })
    }
}
