//! Problems of intake 受理.

super::problem_codes! {
    IDENTIFIER_INVALID => "identifier-invalid" 422 "证件号码无效" "The identifier is invalid",
    PARTY_REQUIRED => "party-required" 422 "至少须有一名申请人" "At least one applicant is required",
    TOO_MANY_PARTIES => "too-many-parties" 422 "当事人数量超过上限" "There are too many parties",
    UNKNOWN_CHANNEL => "unknown-channel" 422 "未知的受理渠道" "The channel is unknown",
    UNKNOWN_SOURCE => "unknown-source" 422 "未知的来源" "The source is unknown",
    UNKNOWN_DECLINE_REASON => "unknown-decline-reason" 422 "未知的不予受理理由" "The reason for declining is unknown",
    NOT_ON_THE_SPOT => "not-on-the-spot" 422 "该事项不在即办清单内" "The item is not on the list of on-the-spot items",
    NOTICE_NOT_ACKNOWLEDGED => "notice-not-acknowledged" 422 "未记录个人信息处理告知版本" "The version of the personal-information notice is missing",
}
