//! Problems of judicial confirmation 司法确认.

super::problem_codes! {
    AGREEMENT_NOT_EFFECTIVE => "agreement-not-effective" 409 "调解协议尚未生效或不存在" "The agreement is not effective or does not exist",
    APPLICATION_WINDOW_CLOSED => "application-window-closed" 422 "已超过三十日共同申请期限" "The 30 days for a joint application are over (Civil Procedure Law 205)",
    EXCLUDED_MATTER => "excluded-matter" 422 "该事项依法不适用司法确认" "The law excludes this matter from judicial confirmation",
    ALREADY_APPLIED => "already-applied" 409 "该协议已申请司法确认" "Confirmation of this agreement was already applied for",
    NOT_A_PARTY => "not-a-party" 422 "不是协议当事人" "Not a party of the agreement",
    MATERIALS_MISSING => "materials-missing" 422 "申请材料不齐" "Materials are missing",
    UNKNOWN_COURT => "unknown-court" 422 "未知的法院" "The court is unknown",
    WRONG_COURT => "wrong-court" 422 "该法院无管辖权" "This court does not have the case",
    PAPER_ORIGINAL_NEEDED => "paper-original-needed" 422 "须在窗口提交手写签名的纸质原件" "The paper original signed by hand must be handed in at the window",
    APPLICATION_SUSPENDED => "application-suspended" 409 "涉嫌虚假调解,暂停审查" "Suspended on suspicion of sham mediation",
    AGREEMENT_SUSPECTED => "agreement-suspected" 409 "该协议涉嫌虚假调解,尚未排除" "The agreement is suspected of a sham, which has not been cleared",
    PARTIES_NOT_PRESENT => "parties-not-present" 422 "尚未通知双方当事人共同到场核实" "The court has not questioned all parties together",
    NOT_ASKED_FOR => "not-asked-for" 422 "不是法院要求补充的材料" "The court did not ask for this",
    SUPPLEMENT_INCOMPLETE => "supplement-incomplete" 422 "补正材料不齐" "Something the court asked for is missing",
    RULING_NOT_SERVED => "ruling-not-served" 409 "裁定尚未送达该当事人" "The ruling has not been served on this party",
    OBJECTION_LATE => "objection-late" 422 "已超过提出异议的期限" "The time for an objection is over",
    NOTHING_DEFAULTED => "nothing-defaulted" 409 "没有登记未履行的义务" "No obligation is recorded as not performed",
    EFFECT_ROUTE_TAKEN => "effect-route-taken" 409 "该协议正在申请其他赋予效力的途径" "Another way to give the agreement effect is under way",
    EFFECT_ROUTE_NOT_OPEN => "effect-route-not-open" 422 "该协议不能申请此途径" "This way is not open for the agreement",
    UNKNOWN_COURT_REASON => "unknown-court-reason" 422 "未知的不予受理或驳回理由" "The court's reason is unknown",
}
