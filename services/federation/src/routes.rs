//! Every path under `/federation/v1`.

use chassis::http::ServiceConfig;

/// Registers the paths, relative to `/federation/v1`.
pub fn configure(routes: &mut ServiceConfig<'_>) {
    _ = routes;
}
