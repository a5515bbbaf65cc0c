//! The section about messages to the people of a case.

use std::{path::PathBuf, time::Duration};

use secrecy::SecretString;

crate::config_section! {
    /// Messages to the people of a case. A channel without a gateway keeps its messages here: they are read through the API.
    pub struct NotificationsConfig in "notifications" {
        /// How often it is looked whether there is something to tell or to send.
        #[serde(deserialize_with = "crate::config::duration")]
        pub poll_interval: Duration = Duration::from_secs(2), "2s";
        /// Messages sent in one round.
        pub batch: u32 = 50, "50";
        /// Longest wait for a gateway's answer.
        #[serde(deserialize_with = "crate::config::duration")]
        pub timeout: Duration = Duration::from_secs(10), "10s";
        /// Waits before a message is sent again; after the last one it has failed and somebody must look.
        #[serde(deserialize_with = "crate::config::durations")]
        pub backoff: Vec<Duration> = [60, 300, 1800, 7200, 21600].map(Duration::from_secs).to_vec(), "1m,5m,30m,2h,6h";
        /// Gateway for short messages: each is a POST of JSON.
        pub sms_url: Option<String> = None, "";
        /// Its bearer token.
        pub sms_token: Option<SecretString> = None, "";
        /// File that holds the token.
        pub sms_token_file: Option<PathBuf> = None, "";
        /// Gateway for the mini-programme.
        pub mini_programme_url: Option<String> = None, "";
        /// Its bearer token.
        pub mini_programme_token: Option<SecretString> = None, "";
        /// File that holds the token.
        pub mini_programme_token_file: Option<PathBuf> = None, "";
        /// Gateway for e-mail.
        pub email_url: Option<String> = None, "";
        /// Its bearer token.
        pub email_token: Option<SecretString> = None, "";
        /// File that holds the token.
        pub email_token_file: Option<PathBuf> = None, "";
    }
}
