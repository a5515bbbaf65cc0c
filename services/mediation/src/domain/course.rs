//! What happens in a proceeding besides its states. Kept in the proceeding's row; a part that did not happen is empty.

use contracts::events::triage::Track;
use serde::{Deserialize, Serialize};

use super::{
    care::{PoliceReport, Referral},
    choice::MediatorChoice,
    extension::GrantedExtension,
    other_way::Transfer,
    participant::Participant,
    pause::Pause,
    replacement::Replacement,
    sham::ShamSuspicion,
};

/// What happens in a proceeding besides its states.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Course {
    /// The track of its order; none for orders of earlier releases.
    pub track: Option<Track>,
    /// The procedure of the court that entrusted mediation, where the time limit depends on it.
    pub procedure: Option<String>,
    /// How the mediators are chosen.
    pub choice: MediatorChoice,
    /// Mediators who took over, the earliest first.
    pub replacements: Vec<Replacement>,
    /// Who was invited to help.
    pub participants: Vec<Participant>,
    /// Suspensions, the earliest first.
    pub pauses: Vec<Pause>,
    /// Longer times that were agreed on.
    pub extensions: Vec<GrantedExtension>,
    /// The other way that was taken.
    pub transfer: Option<Transfer>,
    /// The last suspicion of a sham.
    pub sham: Option<ShamSuspicion>,
    /// Reports to the police.
    pub police_reports: Vec<PoliceReport>,
    /// Support parties were referred to.
    pub referrals: Vec<Referral>,
}

impl Course {
    /// Whether a sham is suspected and not cleared.
    #[must_use]
    pub fn sham_open(&self) -> bool {
        self.sham
            .as_ref()
            .is_some_and(|sham| sham.cleared_at.is_none())
    }
}
