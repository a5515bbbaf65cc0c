//! Every path, relative to `/evaluation/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    close_case::close_case, complete_follow_up::complete_follow_up, get_evaluation::get_evaluation,
    list_follow_ups::list_follow_ups, rate_case::rate_case,
};

/// Registers the paths.
pub fn configure(routes: &mut ServiceConfig<'_>) {
    routes
        .service(list_follow_ups)
        .service(complete_follow_up)
        .service(get_evaluation)
        .service(rate_case)
        .service(close_case);
}
