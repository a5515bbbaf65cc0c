//! The steps of a request that people of this node take.

use chrono::{DateTime, Utc};
use policy::{
    PolicyPack,
    sections::requests::{EndsWith, Need, RequestKind},
};

use super::{Note, Refusal, Request, RequestState, Step, terms};

impl Request {
    /// Signs for it 签收. When that completes it, the end follows as a step of its own.
    ///
    /// # Errors
    /// [`Refusal::OtherSide`], [`Refusal::Transition`].
    pub fn sign(
        &mut self,
        kind: &RequestKind,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Note>, Refusal> {
        self.check(Step::Signed, false)?;
        self.handled_by = Some(by.to_owned());
        let mut notes = vec![self.take(Step::Signed, None, now)?];
        if kind.ends_with == EndsWith::Signature {
            notes.push(self.take(Step::Done, None, now)?);
        }
        Ok(notes)
    }

    /// Refuses it 退回 with a reason, within the days allowed (信访工作条例 23).
    ///
    /// # Errors
    /// Also [`Refusal::NotReturnable`], [`Refusal::ReturnTooLate`], [`Refusal::ReasonRequired`].
    pub fn refuse(
        &mut self,
        policy: &PolicyPack,
        kind: &RequestKind,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<Note, Refusal> {
        self.check(Step::Refused, false)?;
        if !kind.returnable {
            return Err(Refusal::NotReturnable);
        }
        check_step(policy, "return", "/reason", Some(reason))?;
        if self.return_until.is_some_and(|until| now >= until) {
            return Err(Refusal::ReturnTooLate);
        }
        self.take(Step::Refused, Some(reason.to_owned()), now)
    }

    /// Asks for it back 撤回, before the signature. It is recalled when the receiver confirms; its signature, when that was
    /// first, stands.
    ///
    /// # Errors
    /// Also [`Refusal::RecallAsked`].
    pub fn recall(
        &mut self,
        policy: &PolicyPack,
        reason: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Note, Refusal> {
        self.check(Step::Recalled, true)?;
        check_step(policy, "recall", "/reason", reason)?;
        if self.recall_asked_at.is_some() {
            return Err(Refusal::RecallAsked);
        }
        self.recall_asked_at = Some(now);
        Ok(self.note(Step::Recalled, reason.map(str::to_owned), now))
    }

    /// Says how it stands 阶段反馈.
    ///
    /// # Errors
    /// Also [`Refusal::ReasonRequired`].
    pub fn feed_back(
        &mut self,
        policy: &PolicyPack,
        text: &str,
        now: DateTime<Utc>,
    ) -> Result<Note, Refusal> {
        self.check(Step::FedBack, false)?;
        check_step(policy, "feedback", "/text", Some(text))?;
        self.take(Step::FedBack, Some(text.to_owned()), now)
    }

    /// Finishes it 办结反馈.
    ///
    /// # Errors
    /// Also [`Refusal::ReportRequired`].
    pub fn finish(
        &mut self,
        policy: &PolicyPack,
        kind: &RequestKind,
        report: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Note, Refusal> {
        self.check(Step::Done, false)?;
        if self.state != RequestState::Signed {
            return Err(self.wrong_state());
        }
        let blank = report.is_none_or(|text| text.trim().is_empty());
        if kind.report == Need::Required && blank {
            return Err(Refusal::ReportRequired);
        }
        terms::check_text(
            Need::Optional,
            "/report",
            report,
            policy.limits().record_max,
        )?;
        self.take(Step::Done, report.map(str::to_owned), now)
    }

    /// Rejects the closing feedback 返工, as often as the pack allows.
    ///
    /// # Errors
    /// Also [`Refusal::ReworkAsked`].
    pub fn rework(
        &mut self,
        policy: &PolicyPack,
        kind: &RequestKind,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<Note, Refusal> {
        self.check(Step::Rework, true)?;
        if kind.ends_with != EndsWith::Finish {
            return Err(self.wrong_state());
        }
        check_step(policy, "rework", "/reason", Some(reason))?;
        if self.reworks >= policy.requests().reworks {
            return Err(Refusal::ReworkAsked);
        }
        self.take(Step::Rework, Some(reason.to_owned()), now)
    }

    /// Urges the receiver 催办.
    ///
    /// # Errors
    /// As the others.
    pub fn urge(
        &mut self,
        policy: &PolicyPack,
        text: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Note, Refusal> {
        self.check(Step::Urged, true)?;
        check_step(policy, "urge", "/text", text)?;
        self.take(Step::Urged, text.map(str::to_owned), now)
    }
}

/// Checks the text of a step against the pack.
fn check_step(
    policy: &PolicyPack,
    code: &str,
    pointer: &'static str,
    text: Option<&str>,
) -> Result<(), Refusal> {
    let need = policy
        .requests()
        .step(code)
        .map_or(Need::Optional, |step| step.reason);
    terms::check_text(need, pointer, text, policy.limits().note_max)
}
