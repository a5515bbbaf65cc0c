//! Problems of evaluation 评价.

super::problem_codes! {
    CASE_NOT_ENDED => "case-not-ended" 409 "案件尚未办结,不能评价或回访" "The case has not ended yet",
    ALREADY_RATED => "already-rated" 409 "已评价" "Already rated",
    SCORE_OUT_OF_RANGE => "score-out-of-range" 422 "评分超出范围" "The score is out of range",
    FOLLOW_UP_OUTSTANDING => "follow-up-outstanding" 409 "回访尚未完成" "The follow-up has not been done",
    RATING_NOT_ASKED => "rating-not-asked" 409 "尚未邀请当事人评价" "The person has not been asked for a rating",
    SAME_PERSON => "same-person" 422 "回访人不得为本案调解员" "The visitor may not be a mediator of the case",
}
