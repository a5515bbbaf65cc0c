//! Every path of the service, under `/reporting/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    close_period::close_period, compare_period::compare_period, correct_period::correct_period,
    get_indicators::get_indicators, get_ledger_entry::get_ledger_entry, get_period::get_period,
    get_statistics::get_statistics, get_timeline::get_timeline, list_fact_events::list_fact_events,
    list_facts::list_facts, list_ledger::list_ledger, list_period_lines::list_period_lines,
    list_periods::list_periods,
};

/// Adds the paths.
pub fn configure(routes: &mut ServiceConfig<'_>) {
    routes
        .service(list_ledger)
        .service(get_ledger_entry)
        .service(get_timeline)
        .service(get_statistics)
        .service(get_indicators)
        .service(list_periods)
        .service(close_period)
        .service(get_period)
        .service(correct_period)
        .service(list_period_lines)
        .service(compare_period)
        .service(list_facts)
        .service(list_fact_events);
}
