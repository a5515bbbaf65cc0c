//! Every path, relative to `/judicial-confirmation/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    accept_application::accept_application,
    apply_for_confirmation::apply_for_confirmation,
    apply_for_enforcement::apply_for_enforcement,
    ask_supplement::ask_supplement,
    circulate_application::circulate_application,
    decide_objection::decide_objection,
    effects::{
        accept_effect_application::accept_effect_application, apply_for_effect::apply_for_effect,
        decide_effect_application::decide_effect_application,
        get_effect_application::get_effect_application,
        join_effect_application::join_effect_application,
        list_effect_applications::list_effect_applications,
        refuse_effect_application::refuse_effect_application,
        withdraw_effect_application::withdraw_effect_application,
    },
    extend_application::extend_application,
    get_application::get_application,
    get_confirmable_agreement::get_confirmable_agreement,
    join_application::join_application,
    list_applications::list_applications,
    list_rightful_courts::list_rightful_courts,
    object_to_ruling::object_to_ruling,
    question_parties::question_parties,
    receive_application::receive_application,
    record_invitation::record_invitation,
    refuse_application::refuse_application,
    resume_application::resume_application,
    rule_application::rule_application,
    serve_ruling::serve_ruling,
    submit_application::submit_application,
    supply_supplement::supply_supplement,
    suspend_application::suspend_application,
    tell_options::tell_options,
    treat_as_withdrawn::treat_as_withdrawn,
    withdraw_application::withdraw_application,
};

/// Registers the paths.
pub fn configure(routes: &mut ServiceConfig<'_>) {
    routes
        .service(get_confirmable_agreement)
        .service(list_rightful_courts)
        .service(record_invitation)
        .service(apply_for_confirmation)
        .service(list_applications)
        .service(get_application)
        .service(submit_application)
        .service(join_application)
        .service(withdraw_application)
        .service(supply_supplement)
        .service(receive_application)
        .service(accept_application)
        .service(refuse_application)
        .service(ask_supplement)
        .service(treat_as_withdrawn)
        .service(question_parties)
        .service(extend_application)
        .service(suspend_application)
        .service(resume_application)
        .service(rule_application)
        .service(serve_ruling)
        .service(object_to_ruling)
        .service(decide_objection)
        .service(tell_options)
        .service(circulate_application)
        .service(apply_for_enforcement)
        .service(apply_for_effect)
        .service(list_effect_applications)
        .service(get_effect_application)
        .service(join_effect_application)
        .service(withdraw_effect_application)
        .service(accept_effect_application)
        .service(refuse_effect_application)
        .service(decide_effect_application);
}
