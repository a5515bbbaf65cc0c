//! What becomes of a case, as far as the person who brought it may know.

use contracts::text_enum;

use super::case::CaseStatus;

text_enum! {
    /// A fact the applicant may know of their case.
    pub enum PublicFact {
        /// Transition 1.
        Registered => "registered",
        /// Transition 2: the person was given the list of what is missing.
        CorrectionAsked => "correction_asked",
        /// What was missing was supplied.
        Corrected => "corrected",
        /// What was missing did not come in time.
        Lapsed => "lapsed",
        /// Transition 3.
        Answered => "answered",
        /// Transition 4.
        NotAccepted => "not_accepted",
        /// Transition 5.
        Accepted => "accepted",
        /// Transition 6.
        Triaged => "triaged",
        /// Transition 7.
        Dispatched => "dispatched",
        /// Transition 8.
        Signed => "signed",
        /// Transition 9: the order stays in force meanwhile.
        ReturnAsked => "return_asked",
        /// Transition 9: waits for its next order.
        Returned => "returned",
        /// Transition 9, of an order not signed for yet.
        ReturnRejected => "return_rejected",
        /// Transition 9, of an order signed for.
        ReturnRejectedSigned => "return_rejected_signed",
        /// The order was taken back before it was signed for.
        Recalled => "recalled",
        /// An organ that does not mediate took it up (TR-04).
        TakenUp => "taken_up",
        /// It was finished another way than by mediation (TR-04).
        OtherWayEnded => "other_way_ended",
        /// The organ could not settle it: another way is decided (TR-04).
        OtherWayFailed => "other_way_failed",
        /// The organ has longer (信访工作条例 34; 劳动争议调解仲裁法 43).
        OtherWayExtended => "other_way_extended",
        /// What the organ finished was not accepted: it goes on (TR-04).
        OtherWayReworked => "other_way_reworked",
        /// Transition 10.
        ConsentAsked => "consent_asked",
        /// Transition 11.
        MediationStarted => "mediation_started",
        /// Transition 13.
        MediationPaused => "mediation_paused",
        /// Transition 13.
        MediationResumed => "mediation_resumed",
        /// Transition 14.
        MediationExtended => "mediation_extended",
        /// Transitions 20, 23.
        OtherWayTaken => "other_way_taken",
        /// A new version of the agreement (人民调解法 33).
        AgreementAmended => "agreement_amended",
        /// Transition 18.
        Agreed => "agreed",
        /// Transition 19.
        Failed => "failed",
        /// Transition 12.
        Refused => "refused",
        /// Transition 19.
        Withdrawn => "withdrawn",
        /// Transition 19.
        SelfSettled => "self_settled",
        /// Transition 20, of what a partial agreement left open.
        RestTransferred => "rest_transferred",
        /// Transition 24; 人民调解法 29, 30.
        AgreementEffective => "agreement_effective",
        /// The same of an agreement that no court confirms (民诉法解释 355).
        AgreementEffectiveOnly => "agreement_effective_only",
        /// Transition 21.
        ConfirmationApplied => "confirmation_applied",
        /// Transition 22.
        ConfirmedValid => "confirmed_valid",
        /// Transition 23: the agreement still binds the parties (人民调解法 31).
        ConfirmationDismissed => "confirmation_dismissed",
        /// Transition 23.
        ConfirmationNotAccepted => "confirmation_not_accepted",
        /// The time for a joint application runs out (民事诉讼法 205).
        ConfirmationDue => "confirmation_due",
        /// The 30 days passed without a joint application.
        ConfirmationExpired => "confirmation_expired",
        /// 民诉法解释 354, 356.
        SupplementAsked => "supplement_asked",
        /// 民诉法解释 357.
        ConfirmationTreatedAsWithdrawn => "confirmation_treated_as_withdrawn",
        /// 民诉法解释 372.
        ConfirmationRevoked => "confirmation_revoked",
        /// 民事诉讼法 206.
        EnforcementApplied => "enforcement_applied",
        /// An obligation is about due (人民调解法 31).
        PerformanceDue => "performance_due",
        /// Transition 25, and more is to be performed.
        PartPerformed => "part_performed",
        /// Transition 25, the last obligation.
        Performed => "performed",
        /// Transition 26.
        Defaulted => "defaulted",
        /// Transition 27.
        FollowUpPlanned => "follow_up_planned",
        /// Transition 28.
        Closed => "closed",
        /// Transition 29: opened again.
        Reopened => "reopened",
        /// Transition 29: the dispute of a closed case came back in this one.
        Recurred => "recurred",
        /// Transition 32: it goes on in another case.
        Merged => "merged",
        /// Transition 32: another case goes on in this one.
        Joined => "joined",
        /// Transition 32: matters of it are handled as a case of their own.
        Split => "split",
        /// Transition 30.
        Archived => "archived",
        /// What a petition is was decided (信访工作条例 31).
        PetitionDecided => "petition_decided",
        /// Its handling was lengthened (34).
        PetitionExtended => "petition_extended",
        /// It, its review or its re-review was answered (34-36).
        PetitionAnswered => "petition_answered",
        /// The person received the opinion (35, 36).
        PetitionServed => "petition_served",
        /// Nothing more is done on it here.
        PetitionEnded => "petition_ended",
        /// A review was asked for (35, 36).
        PetitionReviewAsked => "petition_review_asked",
    }
}

impl PublicFact {
    /// The status it brings.
    #[must_use]
    pub fn status(self) -> CaseStatus {
        match self {
            Self::Registered | Self::Corrected | Self::Recurred => CaseStatus::Registered,
            Self::CorrectionAsked => CaseStatus::Correcting,
            Self::Lapsed => CaseStatus::Lapsed,
            Self::Answered => CaseStatus::Answered,
            Self::NotAccepted => CaseStatus::NotAccepted,
            Self::Accepted
            | Self::Reopened
            | Self::Joined
            | Self::Split
            | Self::PetitionDecided
            | Self::PetitionExtended
            | Self::PetitionAnswered
            | Self::PetitionServed
            | Self::PetitionEnded
            | Self::PetitionReviewAsked => CaseStatus::Accepted,
            Self::Triaged | Self::Returned | Self::Recalled | Self::OtherWayFailed => {
                CaseStatus::Triaged
            }
            Self::Dispatched | Self::ReturnAsked | Self::ReturnRejected => CaseStatus::Dispatched,
            // It may still go back to triage: a later phase would hide what follows.
            Self::Signed
            | Self::ReturnRejectedSigned
            | Self::TakenUp
            | Self::OtherWayExtended
            | Self::OtherWayReworked => CaseStatus::Signed,
            Self::ConsentAsked => CaseStatus::ConsentPending,
            Self::MediationStarted | Self::MediationResumed | Self::MediationExtended => {
                CaseStatus::Mediating
            }
            Self::MediationPaused => CaseStatus::Paused,
            Self::OtherWayTaken | Self::OtherWayEnded => CaseStatus::OtherRoute,
            Self::Agreed => CaseStatus::Agreed,
            Self::Failed => CaseStatus::Failed,
            Self::Refused => CaseStatus::Refused,
            Self::Withdrawn => CaseStatus::Withdrawn,
            Self::SelfSettled => CaseStatus::SelfSettled,
            Self::ConfirmationApplied | Self::SupplementAsked => CaseStatus::Confirming,
            Self::RestTransferred
            | Self::AgreementEffective
            | Self::AgreementEffectiveOnly
            | Self::AgreementAmended
            | Self::ConfirmedValid
            | Self::ConfirmationDismissed
            | Self::ConfirmationNotAccepted
            | Self::ConfirmationDue
            | Self::ConfirmationExpired
            | Self::ConfirmationTreatedAsWithdrawn
            | Self::ConfirmationRevoked
            | Self::PerformanceDue
            | Self::PartPerformed => CaseStatus::Performing,
            Self::Performed => CaseStatus::Performed,
            Self::Defaulted | Self::EnforcementApplied => CaseStatus::Defaulted,
            Self::FollowUpPlanned => CaseStatus::FollowUp,
            Self::Merged => CaseStatus::Merged,
            Self::Closed => CaseStatus::Closed,
            Self::Archived => CaseStatus::Archived,
        }
    }

    /// What the applicant reads: Chinese and English.
    #[must_use]
    pub fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Registered => ("您的诉求已登记", "Your matter was registered"),
            Self::CorrectionAsked => (
                "材料不齐,请按一次性告知清单补正",
                "Something is missing; please complete it by the list you were given",
            ),
            Self::Corrected => ("材料已补正", "What was missing was supplied"),
            Self::Lapsed => (
                "逾期未补正,本次申请终止,可重新提出",
                "It was not completed in time and lapsed; you may apply again",
            ),
            Self::Answered => ("您的诉求已当场答复", "Your matter was answered on the spot"),
            Self::NotAccepted => (
                "您的诉求不予受理,已告知其他途径",
                "Your matter was not accepted; you were told of other ways",
            ),
            Self::Accepted => ("您的诉求已受理", "Your matter was accepted"),
            Self::Triaged => ("已确定办理途径", "The way of handling was decided"),
            Self::Dispatched => ("已交承办单位", "It was handed to an organisation"),
            Self::Signed => ("承办单位已签收", "The organisation signed for it"),
            Self::ReturnAsked => (
                "承办单位申请退回,待中心决定",
                "The organisation asked to give it back; the centre decides",
            ),
            Self::Returned => (
                "承办单位退回,将重新交办",
                "The organisation gave it back; it will be handed to another",
            ),
            Self::ReturnRejected | Self::ReturnRejectedSigned => (
                "不同意退回,由原承办单位办理",
                "The return was refused; the organisation handles it",
            ),
            Self::Recalled => (
                "交办已撤回,将重新交办",
                "It was taken back and will be handed to another organisation",
            ),
            Self::TakenUp => ("有关单位已受理", "The competent organ has taken it up"),
            Self::OtherWayEnded => ("有关单位已办结", "The competent organ has finished it"),
            Self::OtherWayExtended => (
                "有关单位已延长办理期限",
                "The time of the competent organ was lengthened",
            ),
            Self::OtherWayReworked => (
                "办理结果未获认可,由有关单位继续办理",
                "The result was not accepted; the competent organ goes on",
            ),
            Self::OtherWayFailed => (
                "有关单位未能化解,将另行分流",
                "The competent organ could not settle it; another way will be decided",
            ),
            Self::ConsentAsked => (
                "正在征询各方调解意愿",
                "The parties are asked whether they consent to mediation",
            ),
            Self::MediationStarted => {
                ("各方同意,调解开始", "Everyone consented; mediation started")
            }
            Self::MediationPaused => ("调解中止", "Mediation was suspended"),
            Self::MediationResumed => ("调解恢复", "Mediation goes on"),
            Self::MediationExtended => (
                "各方同意延长调解期限",
                "Everyone agreed to a longer time for mediation",
            ),
            Self::OtherWayTaken => ("已转其他途径办理", "It goes another way"),
            Self::AgreementAmended => (
                "调解协议已变更,按新协议履行",
                "The agreement was changed and is to be performed as changed",
            ),
            Self::Agreed => ("各方达成协议", "The parties reached an agreement"),
            Self::Failed => (
                "调解不成,已告知其他途径",
                "Mediation failed; the parties were told of other ways",
            ),
            Self::Refused => (
                "一方拒绝调解,已告知其他途径",
                "A party refused mediation; the parties were told of other ways",
            ),
            Self::Withdrawn => ("申请已撤回", "The application was withdrawn"),
            Self::SelfSettled => ("双方自行和解", "The parties settled by themselves"),
            Self::AgreementEffective | Self::AgreementEffectiveOnly => (
                "调解协议生效,进入履行",
                "The agreement took effect and is to be performed",
            ),
            Self::ConfirmationApplied => {
                ("已申请司法确认", "Judicial confirmation was applied for")
            }
            Self::ConfirmedValid => (
                "法院裁定调解协议有效",
                "The court ruled that the agreement is valid",
            ),
            Self::ConfirmationDismissed => (
                "法院驳回司法确认申请",
                "The court dismissed the application for confirmation",
            ),
            Self::ConfirmationNotAccepted => (
                "法院不予受理司法确认申请",
                "The court did not accept the application for confirmation",
            ),
            Self::ConfirmationDue => (
                "共同申请司法确认的期限将至",
                "The time for a joint application for confirmation runs out",
            ),
            Self::ConfirmationExpired => (
                "逾期未共同申请司法确认",
                "The time for a joint application for confirmation passed",
            ),
            Self::SupplementAsked => (
                "法院要求补充材料,请按期补交",
                "The court asks for more papers; hand them in within the time",
            ),
            Self::ConfirmationTreatedAsWithdrawn => (
                "司法确认申请按撤回处理",
                "The application for confirmation is treated as withdrawn",
            ),
            Self::ConfirmationRevoked => ("法院撤销确认裁定", "The court revoked its confirmation"),
            Self::EnforcementApplied => ("已申请强制执行", "Enforcement was applied for"),
            Self::PerformanceDue => (
                "协议义务的履行期限临近或已到",
                "An obligation of the agreement is about due",
            ),
            Self::RestTransferred => (
                "余下争议转其他途径",
                "The rest of the dispute goes another way",
            ),
            Self::PartPerformed => ("协议部分履行", "A part of the agreement was performed"),
            Self::Performed => ("协议已全部履行", "The agreement was performed in full"),
            Self::Defaulted => (
                "协议有未履行事项",
                "A part of the agreement was not performed",
            ),
            Self::FollowUpPlanned => ("已安排回访", "A follow-up visit was planned"),
            Self::Closed => ("案件已办结", "The case was closed"),
            Self::Reopened => (
                "案件已重启,重新办理",
                "The case was opened again and is handled anew",
            ),
            Self::Recurred => (
                "纠纷复发,已关联原案件",
                "The dispute came back; it was linked to the earlier case",
            ),
            Self::Merged => (
                "已并入另一案件一并办理",
                "It was merged into another case and goes on there",
            ),
            Self::Joined => (
                "另一案件并入本案一并办理",
                "Another case was merged into this one",
            ),
            Self::Split => (
                "案件已拆分,分别办理",
                "The case was split; its matters are handled separately",
            ),
            Self::Archived => ("案卷已归档", "The file was archived"),
            Self::PetitionDecided => (
                "已确定信访事项的办理途径并告知",
                "The way of the petition was decided and told",
            ),
            Self::PetitionExtended => (
                "信访事项延期办理,已告知理由",
                "The petition takes longer; the reason was told",
            ),
            Self::PetitionAnswered => ("已出具信访意见", "The petition was answered"),
            Self::PetitionServed => (
                "信访意见已送达,可在期限内请求复查或复核",
                "The opinion was received; a review may be asked for within the time limit",
            ),
            Self::PetitionEnded => (
                "信访程序已终结",
                "The procedure of the petition is at its end",
            ),
            Self::PetitionReviewAsked => {
                ("已请求复查或复核", "A review of the petition was asked for")
            }
        }
    }
}
