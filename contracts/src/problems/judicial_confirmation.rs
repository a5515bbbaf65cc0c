//! Problems of judicial confirmation 司法确认.

super::problem_codes! {
    AGREEMENT_NOT_EFFECTIVE => "agreement-not-effective" 409 "调解协议尚未生效或不存在" "The agreement is not effective or does not exist",
    APPLICATION_WINDOW_CLOSED => "application-window-closed" 422 "已超过三十日共同申请期限" "The 30 days for a joint application are over (Civil Procedure Law 205)",
    EXCLUDED_MATTER => "excluded-matter" 422 "该事项依法不适用司法确认" "The law excludes this matter from judicial confirmation",
    ALREADY_APPLIED => "already-applied" 409 "该协议已申请司法确认" "Confirmation of this agreement was already applied for",
    NOT_A_PARTY => "not-a-party" 422 "不是协议当事人" "Not a party of the agreement",
    MATERIALS_MISSING => "materials-missing" 422 "申请材料不齐" "Materials are missing",
    UNKNOWN_COURT => "unknown-court" 422 "未知的法院" "The court is unknown",
    UNKNOWN_COURT_REASON => "unknown-court-reason" 422 "未知的不予受理或驳回理由" "The court's reason is unknown",
}
