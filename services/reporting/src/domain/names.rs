//! What people read for codes of the catalogue: facts of the timeline, outcomes.

use contracts::events::mediation::MediationOutcome;

/// Name of an outcome, Chinese and English.
#[must_use]
pub fn outcome(outcome: MediationOutcome) -> (&'static str, &'static str) {
    match outcome {
        MediationOutcome::Agreed => ("达成协议", "Agreed"),
        MediationOutcome::Failed => ("调解不成", "Failed"),
        MediationOutcome::Refused => ("一方拒绝", "Refused"),
        MediationOutcome::Withdrawn => ("撤回", "Withdrawn"),
        MediationOutcome::SelfSettled => ("自行和解", "Settled by the parties themselves"),
    }
}

/// Name of a fact, Chinese and English; `kind` is `<object>.<fact>`. A kind that is not known yet has none.
#[must_use]
pub fn fact(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "matter.registered" => ("已登记", "Matter registered"),
        "matter.accepted" => ("已受理", "Matter accepted"),
        "matter.declined" => ("不予受理", "Matter declined"),
        "matter.answered" => ("当场办结", "Settled on the spot"),
        "matter.correction_asked" => ("已一次性告知补正", "Asked to supply what is missing"),
        "matter.corrected" => ("已补正", "What was missing was supplied"),
        "matter.lapsed" => ("逾期未补正", "Lapsed: not completed in time"),
        "triage.proposed" => ("系统提出分流建议", "Handling proposed by the system"),
        "triage.decided" => ("已分流", "Handling decided"),
        "dispatch.issued" => ("已交办", "Dispatched"),
        "dispatch.signed" => ("已签收", "Order signed for"),
        "organisation.registered" => ("调解组织已登记", "Organisation registered"),
        "mediator.registered" => ("调解员已登记", "Mediator registered"),
        "mediation.opened" => ("征询调解意愿", "Proceeding opened, parties asked"),
        "mediation.consented" => ("当事人同意调解", "A party consented"),
        "mediation.refused" => ("当事人拒绝调解", "A party refused"),
        "mediation.started" => ("调解开始", "Mediation started"),
        "mediation.session_held" => ("举行调解", "Session held"),
        "mediation.ended" => ("调解结束", "Mediation ended"),
        "agreement.drafted" => ("调解协议已拟定", "Agreement drafted"),
        "agreement.signed_by" => ("调解协议签署", "Agreement signed by one of those who must"),
        "agreement.effective" => ("调解协议生效", "Agreement took effect"),
        "performance.fulfilled" => ("义务已履行", "Obligation performed"),
        "performance.defaulted" => ("义务未履行", "Obligation not performed"),
        "confirmation.applied" => ("申请司法确认", "Judicial confirmation applied for"),
        "confirmation.joint_completed" => ("双方共同申请", "All parties joined the application"),
        "confirmation.court_received" => ("法院收件", "Received by the court"),
        "confirmation.accepted" => ("法院受理", "Accepted by the court"),
        "confirmation.refused" => ("法院不予受理", "Not accepted by the court"),
        "confirmation.ruled" => ("法院作出裁定", "The court ruled"),
        "confirmation.expired" => ("司法确认期限届满", "The period to apply together ran out"),
        "confirmation.withdrawn" => ("撤回司法确认申请", "Application withdrawn"),
        "follow_up.scheduled" => ("已安排回访", "Follow-up scheduled"),
        "follow_up.done" => ("已回访", "Follow-up made"),
        "rating.given" => ("已评价", "Rating given"),
        "case.closed" => ("已办结", "Case closed"),
        "matter.linked" => ("已关联", "Linked to another matter"),
        "case.archived" => ("已归档", "File archived"),
        "petition.decided" => ("已确定信访办理途径", "What the petition is was decided"),
        "petition.extended" => ("信访办理延期", "Handling of the petition lengthened"),
        "petition.answered" => ("已出具信访意见", "Petition answered"),
        "petition.review_asked" => ("请求复查、复核", "Review of the petition asked for"),
        "inquiry.asked" => ("已提交咨询", "Advice asked for"),
        "inquiry.answered" => ("咨询已答复", "Question answered"),
        "inquiry.rated" => ("咨询已评价", "Answer rated"),
        "appointment.asked" => ("已提交预约", "Appointment asked for"),
        "appointment.confirmed" => ("预约已确认", "Appointment confirmed"),
        "appointment.cancelled" => ("预约已取消", "Appointment cancelled"),
        "appointment.ended" => ("预约已到期", "Time of the appointment came"),
        "case.reopened" => ("案件重启", "Case opened again"),
        "case.recurred" => ("纠纷复发", "The dispute came back"),
        "case.merged" => ("并案", "Merged into another case"),
        "case.split" => ("拆案", "Case split"),
        "period.closed" => ("已结账", "Period closed"),
        "fact.received" => ("收到下级数据", "Fact of a lower node received"),
        "request.changed" => ("节点间文书有进展", "A request between nodes moved on"),
        "accountability.moved" => ("主办节点已变更", "Another node answers for it"),
        "case.adopted" => ("已接办", "Taken over from another node"),
        "policy.adopted" => ("已启用上级下发的规则", "Policy from above in force"),
        "clock.warned" => ("时限预警", "A deadline is near"),
        "clock.breached" => ("时限届满", "A deadline has passed"),
        "clock.paused" => ("时限中止", "A deadline stands still"),
        "clock.resumed" => ("时限恢复计算", "A deadline runs on"),
        "clock.extended" => ("时限延长", "A deadline was extended"),
        _ => return None,
    })
}
