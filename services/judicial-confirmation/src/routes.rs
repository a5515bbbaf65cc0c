//! Every path, relative to `/judicial-confirmation/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    accept_application::accept_application, apply_for_confirmation::apply_for_confirmation,
    get_application::get_application, get_confirmable_agreement::get_confirmable_agreement,
    join_application::join_application, list_applications::list_applications,
    receive_application::receive_application, refuse_application::refuse_application,
    rule_application::rule_application, withdraw_application::withdraw_application,
};

/// Registers the paths.
pub fn configure(routes: &mut ServiceConfig<'_>) {
    routes
        .service(get_confirmable_agreement)
        .service(apply_for_confirmation)
        .service(list_applications)
        .service(get_application)
        .service(join_application)
        .service(withdraw_application)
        .service(receive_application)
        .service(accept_application)
        .service(refuse_application)
        .service(rule_application);
}
