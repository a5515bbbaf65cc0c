//! The time limit of mediation runs out without a longer one agreed on (transition 19; 人民法院在线调解规则 24, 25).

use chrono::{DateTime, Utc};
use policy::{PolicyPack, sections::mediation::EndCode};

use super::{
    Fact, Refusal,
    agreement::{Agreement, AgreementState},
    ending::Ending,
    proceeding::Proceeding,
    step,
};

impl Proceeding {
    /// Whether every party had signed the agreement when the time ran out. Then it was reached in time: the mediator's
    /// signature and the seal (人民调解法 29) may follow. Not under suspicion of a sham, which keeps it from taking effect.
    #[must_use]
    pub fn reached_in_time(&self, draft: Option<&Agreement>) -> bool {
        let signed = |draft: &Agreement| {
            draft.state == AgreementState::Drafted && draft.signed_by_every_party()
        };
        self.ended_at.is_none() && !self.course.sham_open() && draft.is_some_and(signed)
    }

    /// Ends mediation because its time is over, also while it is suspended for a reason that does not stop the time.
    ///
    /// # Errors
    /// `transition-not-allowed` when it has ended.
    pub fn time_over(
        self,
        end: &EndCode,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        let state = step::<Self>(Some(self.state), "time_over", end.outcome.into())?;
        let ending = Ending::new(end, &self.type_code, policy, now);
        let (ended, fact) = self.ended(state, ending, now);
        Ok((ended, vec![fact]))
    }
}
