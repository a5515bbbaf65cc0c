//! The section about tokens.

use std::path::PathBuf;
use std::time::Duration;

crate::config_section! {
    /// Who issues the tokens that callers show (OpenID Connect; ES256, EdDSA or RS256).
    pub struct AuthConfig in "auth" {
        /// The `iss` a token must carry. Required.
        pub issuer: String = String::new(), "";
        /// The `aud` a token must carry.
        pub audience: String = "fengqiao".to_owned(), "fengqiao";
        /// Where the issuer publishes its keys. This or `jwks_file` is required.
        pub jwks_url: Option<String> = None, "";
        /// File with the issuer's keys, instead of `jwks_url`.
        pub jwks_file: Option<PathBuf> = None, "";
        /// How often the keys are read again.
        #[serde(deserialize_with = "crate::config::duration")]
        pub refresh_interval: Duration = Duration::from_secs(600), "10m";
        /// Shortest time between two reads that a token with an unknown key causes.
        #[serde(deserialize_with = "crate::config::duration")]
        pub refetch_interval: Duration = Duration::from_secs(10), "10s";
        /// Longest time for one read of the keys.
        #[serde(deserialize_with = "crate::config::duration")]
        pub fetch_timeout: Duration = Duration::from_secs(5), "5s";
        /// Difference between the clocks of the issuer and this machine that is forgiven.
        #[serde(deserialize_with = "crate::config::duration")]
        pub leeway: Duration = Duration::from_secs(30), "30s";
        /// How many verified tokens are remembered; 0 verifies each time.
        pub cache_size: usize = 10_000, "10000";
        /// How long a verified token is remembered at most, so that a withdrawn key stops counting.
        #[serde(deserialize_with = "crate::config::duration")]
        pub cache_time: Duration = Duration::from_secs(60), "60s";
    }
}
