//! Problems of reporting 研判.

super::problem_codes! {
    UNKNOWN_DIMENSION => "unknown-dimension" 422 "未知的统计维度" "The dimension is unknown",
    UNKNOWN_COLUMN_SET => "unknown-column-set" 422 "未知的统计口径" "The column set is unknown",
    PERIOD_INVALID => "period-invalid" 422 "统计期间无效" "The period is invalid",
    PERIOD_UNCHANGED => "period-unchanged" 409 "数字没有变化,无需更正" "The numbers are the same; there is nothing to correct",
}
