//! The transitions of an application.

use contracts::lifecycle::{StateMachine, Transition};

use super::application::{Application, ApplicationState as State};

impl StateMachine for Application {
    type State = State;
    const NAME: (&'static str, &'static str) = ("application", "司法确认申请");
    const TRANSITIONS: &'static [Transition<State>] = &[
        transition(0, "prepare_application", "准备材料", &[], State::Preparing),
        transition(
            21,
            "submit_application",
            "提交(一方先行)",
            &[State::Preparing],
            State::AwaitOtherParty,
        ),
        transition(
            21,
            "apply_for_confirmation",
            "共同申请(一方先行)",
            &[],
            State::AwaitOtherParty,
        ),
        transition(
            0,
            "join_application",
            "加入申请",
            &[State::AwaitOtherParty],
            State::AwaitOtherParty,
        ),
        transition(
            21,
            "join_application",
            "共同提交",
            &[State::AwaitOtherParty],
            State::JointSubmitted,
        ),
        transition(
            0,
            "expire_application",
            "逾期",
            &[State::Preparing, State::AwaitOtherParty],
            State::Expired,
        ),
        transition(
            0,
            "withdraw_application",
            "撤回",
            &[
                State::Preparing,
                State::AwaitOtherParty,
                State::JointSubmitted,
                State::CourtReceived,
                State::Supplement,
                State::CourtAccepted,
                State::Reviewing,
            ],
            State::Withdrawn,
        ),
        transition(
            0,
            "receive_application",
            "法院收到",
            &[State::JointSubmitted],
            State::CourtReceived,
        ),
        transition(
            0,
            "ask_supplement",
            "要求补正",
            &[State::CourtReceived, State::CourtAccepted, State::Reviewing],
            State::Supplement,
        ),
        transition(
            0,
            "supply_supplement",
            "补正",
            &[State::Supplement],
            State::CourtReceived,
        ),
        transition(
            0,
            "supply_supplement",
            "补正",
            &[State::Supplement],
            State::CourtAccepted,
        ),
        transition(
            0,
            "supply_supplement",
            "补正",
            &[State::Supplement],
            State::Reviewing,
        ),
        transition(
            0,
            "treat_as_withdrawn",
            "按撤回申请处理",
            &[State::Supplement, State::CourtAccepted, State::Reviewing],
            State::CourtWithdrawn,
        ),
        transition(
            0,
            "accept_application",
            "受理",
            &[State::CourtReceived],
            State::CourtAccepted,
        ),
        transition(
            23,
            "refuse_application",
            "不予受理",
            &[State::CourtReceived],
            State::CourtRefused,
        ),
        transition(
            0,
            "question_parties",
            "询问、核实",
            &[State::CourtAccepted, State::Reviewing],
            State::Reviewing,
        ),
        transition(
            22,
            "rule_application",
            "裁定有效",
            &[State::Reviewing],
            State::Confirmed,
        ),
        transition(
            23,
            "rule_application",
            "裁定驳回申请",
            &[State::CourtAccepted, State::Reviewing],
            State::Dismissed,
        ),
        transition(
            0,
            "object_to_ruling",
            "提出异议",
            &[State::Confirmed, State::Objection],
            State::Objection,
        ),
        transition(
            0,
            "decide_objection",
            "驳回异议或者变更裁定(另有异议未决)",
            &[State::Objection],
            State::Objection,
        ),
        transition(
            0,
            "decide_objection",
            "驳回异议或者变更裁定",
            &[State::Objection],
            State::Confirmed,
        ),
        transition(
            0,
            "decide_objection",
            "撤销裁定",
            &[State::Objection],
            State::Revoked,
        ),
    ];
}

const fn transition(
    number: u8,
    command: &'static str,
    action: &'static str,
    from: &'static [State],
    to: State,
) -> Transition<State> {
    Transition {
        number,
        command,
        action,
        from,
        to,
    }
}
