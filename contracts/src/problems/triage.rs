//! Problems of triage 分流.

super::problem_codes! {
    UNKNOWN_DISPUTE_TYPE => "unknown-dispute-type" 422 "未知的纠纷类型" "The dispute type is unknown",
    UNKNOWN_ROUTE => "unknown-route" 422 "未知的化解途径" "The route is unknown",
    ROUTE_NOT_LAWFUL => "route-not-lawful" 422 "该类事项依法不能走此途径" "The law does not allow this route for such a matter",
    COLOUR_LOWERED_WITHOUT_REASON => "colour-lowered-without-reason" 422 "下调风险等级须说明理由" "Lowering the risk colour needs a reason",
    TARGET_NOT_ENTITLED => "target-not-entitled" 422 "承办单位无权承办该事项" "The organisation is not entitled to handle it",
    UNKNOWN_ORGANISATION => "unknown-organisation" 422 "未知的承办单位" "The organisation is unknown",
    DEADLINE_TOO_SHORT => "deadline-too-short" 422 "办理期限早于允许的最短期限" "The deadline is shorter than allowed",
}
