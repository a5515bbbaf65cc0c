//! The HTTP server's section.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

crate::config_section! {
    /// The HTTP server.
    pub struct HttpConfig in "http" {
        /// Address and port to listen on. Port 0 takes a free one.
        pub listen: SocketAddr = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)), "127.0.0.1:8080";
        /// Threads that serve requests; 0 means one per core.
        pub workers: usize = 0, "0";
        /// Largest request body in bytes; a larger one gets 413.
        pub body_limit: usize = 1024 * 1024, "1048576";
        /// Longest time for one request; then it is given up with 503. The body must arrive in half of it, else 408.
        #[serde(deserialize_with = "crate::config::duration")]
        pub request_timeout: Duration = Duration::from_secs(30), "30s";
        /// How long an idle connection is kept.
        #[serde(deserialize_with = "crate::config::duration")]
        pub keep_alive: Duration = Duration::from_secs(75), "75s";
        /// How long a stop waits for requests and tasks that are under way.
        #[serde(deserialize_with = "crate::config::duration")]
        pub shutdown_timeout: Duration = Duration::from_secs(25), "25s";
        /// Longest time for one readiness check.
        #[serde(deserialize_with = "crate::config::duration")]
        pub ready_timeout: Duration = Duration::from_secs(2), "2s";
        /// Requests a second that one caller may make in the long run; 0 sets no limit. Limits are counted in each
        /// process for itself.
        pub rate_per_second: u32 = 50, "50";
        /// Requests that one caller may make at once after a pause.
        pub rate_burst: u32 = 200, "200";
        /// Requests a second without a valid token that one address may make; 0 sets no limit.
        pub anonymous_rate_per_second: u32 = 10, "10";
        /// Requests without a valid token that one address may make at once after a pause.
        pub anonymous_rate_burst: u32 = 50, "50";
        /// Take the caller's address from `X-Forwarded-For`. Only behind a proxy that sets it itself.
        pub trust_forwarded_for: bool = false, "false";
    }
}
