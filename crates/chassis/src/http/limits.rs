//! Rate limits: a token bucket a caller. They are counted in each process for itself, so with N replicas a caller may
//! make up to N times as many requests; the limit protects a process, it is not an account of anyone's use.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::HttpRequest;
use contracts::problems::common;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use super::problem::Problem;
use crate::config::HttpConfig;
use crate::telemetry::metrics;

/// How many checks pass between two clean-ups of callers that have not been seen for long.
const CHECKS_PER_SWEEP: u32 = 8192;

/// The limits of one server.
pub(super) struct Limits {
    principals: Option<DefaultKeyedRateLimiter<String>>,
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
    trust_forwarded_for: bool,
    checks: AtomicU32,
}

impl Limits {
    pub(super) fn new(config: &HttpConfig) -> Self {
        Self {
            principals: quota(config.rate_per_second, config.rate_burst)
                .map(DefaultKeyedRateLimiter::keyed),
            addresses: quota(
                config.anonymous_rate_per_second,
                config.anonymous_rate_burst,
            )
            .map(DefaultKeyedRateLimiter::keyed),
            trust_forwarded_for: config.trust_forwarded_for,
            checks: AtomicU32::new(0),
        }
    }

    /// One request of a known caller.
    pub(super) fn check_principal(&self, subject: &str) -> Result<(), Problem> {
        let Some(limiter) = &self.principals else {
            return Ok(());
        };
        self.sweep();
        limiter
            .check_key(&subject.to_owned())
            .map_err(|until| refused("principal", &until))
    }

    /// One request without a valid token. When the address is over its limit, that is the problem to tell.
    pub(super) fn check_address(&self, request: &HttpRequest) -> Result<(), Problem> {
        let (Some(limiter), Some(address)) = (&self.addresses, self.address(request)) else {
            return Ok(());
        };
        self.sweep();
        limiter
            .check_key(&address)
            .map_err(|until| refused("address", &until))
    }

    fn address(&self, request: &HttpRequest) -> Option<IpAddr> {
        let forwarded = || {
            // The last one is what our own proxy saw; those before it may be invented.
            let header = request.headers().get("x-forwarded-for")?.to_str().ok()?;
            header.rsplit(',').next()?.trim().parse().ok()
        };
        let address = if self.trust_forwarded_for {
            forwarded()
        } else {
            None
        };
        let address = address.or_else(|| request.peer_addr().map(|peer| peer.ip()))?;
        Some(match address {
            // One subscriber has a whole /64.
            IpAddr::V6(v6) => IpAddr::from((v6.to_bits() & !u128::from(u64::MAX)).to_be_bytes()),
            v4 @ IpAddr::V4(_) => v4,
        })
    }

    fn sweep(&self) {
        if self.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_PER_SWEEP == CHECKS_PER_SWEEP - 1 {
            if let Some(limiter) = &self.principals {
                limiter.retain_recent();
            }
            if let Some(limiter) = &self.addresses {
                limiter.retain_recent();
            }
        }
    }
}

fn quota(per_second: u32, burst: u32) -> Option<Quota> {
    let per_second = NonZeroU32::new(per_second)?;
    Some(
        Quota::per_second(per_second)
            .allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN)),
    )
}

fn refused(
    key: &'static str,
    until: &governor::NotUntil<governor::clock::QuantaInstant>,
) -> Problem {
    metrics().http_limited(key);
    let wait = until.wait_time_from(DefaultClock::default().now());
    // Whole seconds, rounded up: sooner would be refused again.
    Problem::new(&common::TOO_MANY_REQUESTS).retry_after(wait.as_secs().saturating_add(1))
}
