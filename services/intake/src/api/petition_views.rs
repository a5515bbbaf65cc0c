//! How a petition is shown, and what its operations have in common.

use chassis::http::Problem;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{events::intake::PetitionKind, ids::MatterId};
use diesel_async::AsyncPgConnection;
use policy::{PolicyPack, sections::Named};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::views::NamedCode;
use crate::{
    domain::{
        Refusal,
        petition::{Petition, PetitionClocks, PetitionState},
    },
    store::petitions,
};

/// The clock in which a petition is handled.
pub const HANDLE_CLOCK: &str = "petition.handle";
/// The clock in which the person may ask for the next review.
pub const ASK_CLOCK: &str = "petition.ask_review";
/// The clock of a review's answer.
pub const REVIEW_CLOCK: &str = "petition.review";

/// What is said to a step of a petition.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PetitionNote {
    /// The opinion given, why it takes longer, or why a review is asked for.
    pub note: String,
}

/// A petition.
#[derive(Serialize, ToSchema)]
pub struct PetitionView {
    /// The matter.
    pub matter_id: MatterId,
    /// 建议意见、检举控告、申诉求决.
    pub kind: PetitionKind,
    /// The way it takes (信访工作条例 31).
    pub way: NamedCode,
    /// How far it is.
    pub state: PetitionState,
    /// The state in Chinese.
    pub state_zh: &'static str,
    /// The state in English.
    pub state_en: &'static str,
    /// The last day of what runs in this state, in Beijing: of the answer, or for asking for the next review.
    pub last_day: Option<NaiveDate>,
    /// What was done, the oldest first.
    pub steps: Vec<PetitionStep>,
}

/// A step of a petition.
#[derive(Serialize, ToSchema)]
pub struct PetitionStep {
    /// The command.
    pub command: String,
    /// What was said to it.
    pub note: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl PetitionView {
    /// The view of a petition with its steps.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn of(
        conn: &mut AsyncPgConnection,
        petition: Petition,
        policy: &PolicyPack,
    ) -> Result<Self, Problem> {
        let steps = petitions::steps(conn, petition.matter_id).await?;
        let known = policy.intake().petition_way(&petition.way);
        let known = known.map(|way| Named {
            code: way.code.clone(),
            name: way.name.clone(),
        });
        let (state_zh, state_en) = petition.state.name();
        let step = |(_, command, note, at)| PetitionStep { command, note, at };
        Ok(Self {
            matter_id: petition.matter_id,
            kind: petition.kind,
            way: NamedCode::of(petition.way, known.as_ref()),
            state: petition.state,
            state_zh,
            state_en,
            last_day: petition.last_day,
            steps: steps.into_iter().map(step).collect(),
        })
    }
}

/// The clocks of a petition.
///
/// # Errors
/// `internal` when the pack has not got one; never for those it requires.
pub fn clocks(policy: &PolicyPack) -> Result<PetitionClocks<'_>, Problem> {
    let rule = |id| policy.clock(id, None).map_err(Problem::unexpected);
    Ok(PetitionClocks {
        handle: rule(HANDLE_CLOCK)?,
        ask: rule(ASK_CLOCK)?,
        review: rule(REVIEW_CLOCK)?,
        calendar: policy.calendar(),
    })
}

/// The petition of a matter.
///
/// # Errors
/// `petition-undecided` while nobody has decided what it is.
pub async fn decided(conn: &mut AsyncPgConnection, matter: MatterId) -> Result<Petition, Problem> {
    let petition = petitions::find(conn, matter).await?;
    Ok(petition.ok_or(Refusal::PetitionUndecided)?)
}
