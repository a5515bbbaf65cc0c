//! A dispute case 纠纷案件 as a whole: opened again, merged, split (transitions 29, 32). Its status is a projection of what
//! every service says ([`super::case`]); here are the steps that intake takes itself.

use chrono::{DateTime, Utc};
use contracts::{
    events::intake::{CaseMerged, CaseReopened, CaseSplit},
    ids::{CaseId, MatterId, OrganisationId},
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
};
use diesel::{Queryable, Selectable};
use policy::Due;

use super::{
    Refusal,
    case::CaseStatus,
    matter::{Matter, MatterState},
};

/// How a case stands.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = crate::schema::cases)]
pub struct DisputeCase {
    /// The case.
    pub id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Its public status.
    pub status: CaseStatus,
    /// Since when.
    pub status_at: DateTime<Utc>,
    /// When it was closed last.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was opened again last.
    pub reopened_at: Option<DateTime<Utc>>,
    /// The leading case it was merged into.
    pub merged_into: Option<CaseId>,
    /// The closed case whose dispute came back in this one.
    pub recurrence_of: Option<CaseId>,
    /// The organisation that the order in force names.
    pub organisation_id: Option<OrganisationId>,
    /// The node that answers for it, when it was handed over.
    pub node: Option<RegionCode>,
}

/// Cases whose handling is decided, but in which nobody is asked for consent yet: a proceeding that runs has its parties.
const BEFORE_MEDIATION: &[CaseStatus] = &[
    CaseStatus::Accepted,
    CaseStatus::Triaged,
    CaseStatus::Dispatched,
    CaseStatus::Signed,
];

impl StateMachine for DisputeCase {
    type State = CaseStatus;
    const NAME: (&'static str, &'static str) = ("dispute case", "纠纷案件");
    const TRANSITIONS: &'static [Transition<CaseStatus>] = &[
        Transition {
            number: 29,
            command: "reopen_case",
            action: "重启",
            from: &[CaseStatus::Closed],
            to: CaseStatus::Accepted,
        },
        Transition {
            number: 30,
            command: "archive_case",
            action: "归档",
            from: &[CaseStatus::Closed],
            to: CaseStatus::Archived,
        },
        Transition {
            number: 32,
            command: "merge_case",
            action: "并案",
            from: BEFORE_MEDIATION,
            to: CaseStatus::Merged,
        },
        Transition {
            number: 32,
            command: "split_case",
            action: "拆案",
            from: &[],
            to: CaseStatus::Accepted,
        },
    ];
}

impl DisputeCase {
    /// Opens a closed case again 重启 (transition 29), within the window that began when it was closed.
    ///
    /// # Errors
    /// [`Refusal::Merged`], [`Refusal::CaseNotFrom`], [`Refusal::ReopenWindowOver`] with the last day.
    pub fn reopen(
        &self,
        reason: &str,
        window: impl Fn(DateTime<Utc>) -> Due,
        now: DateTime<Utc>,
    ) -> Result<CaseReopened, Refusal> {
        self.check_leads()?;
        self.step("reopen_case")?;
        let closed_at = self.closed_at.ok_or(Refusal::CaseNotFrom(self.status))?;
        let window = window(closed_at);
        if !window.in_time(now) {
            return Err(Refusal::ReopenWindowOver(window.last_day));
        }
        Ok(CaseReopened {
            case_id: self.id,
            region: self.region,
            reason: reason.to_owned(),
            closed_at,
            reopened_at: now,
        })
    }

    /// Whether its dispute can have come back 复发: the case is at its end.
    ///
    /// # Errors
    /// [`Refusal::CaseNotFrom`] while it is handled.
    pub fn check_ended(&self) -> Result<(), Refusal> {
        match self.status {
            CaseStatus::Closed | CaseStatus::Archived => Ok(()),
            status => Err(Refusal::CaseNotFrom(status)),
        }
    }

    /// Merges it into a leading case 并案 (transition 32). `leads` says whether other cases were merged into this one: as a
    /// merged case leads nothing and a leading case is not merged, there are no cycles and no chains.
    ///
    /// # Errors
    /// [`Refusal::MergeWithItself`], [`Refusal::Merged`], [`Refusal::LeadsOthers`], [`Refusal::CaseNotFrom`] for either case,
    /// [`Refusal::OtherAccountable`].
    pub fn merge_into(
        &self,
        leading: &Self,
        leads: bool,
        matter_ids: Vec<MatterId>,
        node: RegionCode,
        now: DateTime<Utc>,
    ) -> Result<CaseMerged, Refusal> {
        if self.id == leading.id {
            return Err(Refusal::MergeWithItself);
        }
        self.check_leads()?;
        leading.check_leads()?;
        if leads {
            return Err(Refusal::LeadsOthers);
        }
        self.step("merge_case")?;
        leading.step("merge_case")?;
        let here = |case: &Self| case.node.is_none_or(|accountable| accountable == node);
        let organisations = self.organisation_id.zip(leading.organisation_id);
        if !here(self) || !here(leading) || organisations.is_some_and(|(one, other)| one != other) {
            return Err(Refusal::OtherAccountable);
        }
        Ok(CaseMerged {
            case_id: self.id,
            into_case_id: leading.id,
            region: self.region,
            matter_ids,
            merged_at: now,
        })
    }

    /// Whether the matters of two cases are of one class: what is said of a petition is not for the parties of a dispute
    /// (信访工作条例 30), and each class has its own procedure (IN-02).
    ///
    /// # Errors
    /// [`Refusal::CaseOfOtherClass`].
    pub fn check_classes(own: &[Matter], leading: &[Matter]) -> Result<(), Refusal> {
        let mut classes = own.iter().chain(leading).map(|matter| matter.class);
        let first = classes.next();
        if classes.all(|class| Some(class) == first) {
            Ok(())
        } else {
            Err(Refusal::CaseOfOtherClass)
        }
    }

    /// Takes matters out of it as a case of their own 拆案 (transition 32). `all` are the matters of the case; gives those that
    /// move, in the order asked for.
    ///
    /// # Errors
    /// [`Refusal::Merged`], [`Refusal::CaseNotFrom`], [`Refusal::OtherAccountable`], [`Refusal::MatterNotOfCase`],
    /// [`Refusal::SplitTakesAll`].
    pub fn split(
        &self,
        new_case_id: CaseId,
        asked: &[MatterId],
        all: &[Matter],
        node: RegionCode,
        now: DateTime<Utc>,
    ) -> Result<CaseSplit, Refusal> {
        self.check_leads()?;
        if !BEFORE_MEDIATION.contains(&self.status) {
            return Err(Refusal::CaseNotFrom(self.status));
        }
        if self.node.is_some_and(|accountable| accountable != node) {
            return Err(Refusal::OtherAccountable);
        }
        for (at, id) in asked.iter().enumerate() {
            let again = asked.iter().take(at).any(|before| before == id);
            let of_case =
                |matter: &Matter| matter.id == *id && matter.state == MatterState::Accepted;
            if again || !all.iter().any(of_case) {
                return Err(Refusal::MatterNotOfCase(at));
            }
        }
        let stays =
            |matter: &Matter| matter.state == MatterState::Accepted && !asked.contains(&matter.id);
        if asked.is_empty() || !all.iter().any(stays) {
            return Err(Refusal::SplitTakesAll);
        }
        Ok(CaseSplit {
            case_id: self.id,
            new_case_id,
            region: self.region,
            matter_ids: asked.to_vec(),
            split_at: now,
        })
    }

    pub(super) fn check_leads(&self) -> Result<(), Refusal> {
        match self.merged_into {
            Some(leading) => Err(Refusal::Merged(leading)),
            None => Ok(()),
        }
    }

    pub(super) fn step(&self, command: &str) -> Result<(), Refusal> {
        Self::transition(Some(self.status), command)
            .map(drop)
            .ok_or(Refusal::CaseNotFrom(self.status))
    }
}
