//! Problems of the border desk 互联.

super::problem_codes! {
    NOT_FEDERATED => "not-federated" 409 "本节点未加入联网" "This node is not part of a federation",
    UNKNOWN_NODE => "unknown-node" 422 "未知的节点" "The node is unknown",
    UNKNOWN_REQUEST_KIND => "unknown-request-kind" 422 "未知的文书种类" "The kind of request is unknown",
    WRONG_DIRECTION => "wrong-direction" 422 "该种类不能发往此节点" "A request of this kind cannot go to that node",
    REASON_REQUIRED => "reason-required" 422 "必须说明理由" "A reason is required",
    DEADLINE_REQUIRED => "deadline-required" 422 "必须注明期限" "A deadline is required",
    CASE_REQUIRED => "case-required" 422 "必须指明案件" "A case is required",
    NOT_ACCOUNTABLE => "not-accountable" 409 "本节点不是该案的主办节点" "This node does not answer for the case",
    HANDOVER_UNDER_WAY => "handover-under-way" 409 "该案正在移交" "The case is being handed over already",
    CASE_BEING_MEDIATED => "case-being-mediated" 409 "该案正在调解,终结后方可移交" "The case is being mediated; it can be handed over when that has ended",
    DESIGNATION_NEEDED => "designation-needed" 409 "该案已多次被退回,须报共同上级指定办理" "The case was refused too often; the common superior must designate who handles it",
    NOT_RETURNABLE => "not-returnable" 409 "该请求不得退回" "This request cannot be returned",
    RETURN_TOO_LATE => "return-too-late" 409 "已超过退回期限" "The time to return it is over",
    CLOSING_REPORT_REQUIRED => "closing-report-required" 422 "必须附办结报告" "A closing report is required",
    REWORK_ALREADY_ASKED => "rework-already-asked" 409 "已要求返工一次" "Rework was asked for once already",
    DOSSIER_TOO_LARGE => "dossier-too-large" 413 "案卷过大,无法随文发送" "The dossier is too large to be sent to another node",
    FIGURES_DIFFER => "figures-differ" 422 "所填数值与本节点统计不符" "What was given is not what this node counts",
    MESSAGE_REFUSED => "message-refused" 422 "来文核验未通过" "A message from another node did not pass the checks",
    PERIOD_CLOSED => "period-closed" 409 "该期间已结账" "The period is closed already",
    PERIOD_OPEN => "period-open" 409 "该期间尚未结束" "The period has not ended yet",
}
