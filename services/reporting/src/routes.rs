//! Every path of the service, under `/reporting/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    get_indicators::get_indicators, get_ledger_entry::get_ledger_entry,
    get_statistics::get_statistics, get_timeline::get_timeline, list_ledger::list_ledger,
};

/// Adds the paths.
pub fn configure(routes: &mut ServiceConfig<'_>) {
    routes
        .service(list_ledger)
        .service(get_ledger_entry)
        .service(get_timeline)
        .service(get_statistics)
        .service(get_indicators);
}
