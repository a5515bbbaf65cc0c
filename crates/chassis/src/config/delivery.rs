//! The sections about events and clocks.

use std::time::Duration;

crate::config_section! {
    /// Publishing of events from the outbox.
    pub struct OutboxConfig in "outbox" {
        /// Events published in one batch.
        pub batch: u32 = 200, "200";
        /// How long the relay waits for more events when something woke it, so that they share a batch.
        #[serde(deserialize_with = "crate::config::duration")]
        pub linger: Duration = Duration::from_millis(20), "20ms";
        /// How often the outbox is looked at when nothing woke the relay.
        #[serde(deserialize_with = "crate::config::duration")]
        pub poll_interval: Duration = Duration::from_secs(1), "1s";
        /// Longest wait for the stream's acknowledgement of a batch.
        #[serde(deserialize_with = "crate::config::duration")]
        pub publish_timeout: Duration = Duration::from_secs(10), "10s";
        /// Days for which published events are kept for replay; applied ones are remembered for 30 days more.
        pub keep_days: u32 = 400, "400";
        /// Days for which the answer to an idempotency key is kept.
        pub keep_answers_days: u32 = 7, "7";
    }
}

crate::config_section! {
    /// Receiving of events.
    pub struct ConsumersConfig in "consumers" {
        /// Waits before an event that met a fault of PostgreSQL, the bus or another service is tried again; the last one repeats for
        /// as long as it lasts, and all that comes behind waits with it.
        #[serde(deserialize_with = "crate::config::durations")]
        pub backoff: Vec<Duration> = [1, 5, 30].map(Duration::from_secs).to_vec(), "1s,5s,30s";
        /// How often an event that can never succeed is tried before it goes to the dead letters.
        pub max_attempts: u32 = 5, "5";
        /// Events that a consumer may hold unanswered.
        pub max_ack_pending: u32 = 256, "256";
        /// Time after which an unanswered event is sent again.
        #[serde(deserialize_with = "crate::config::duration")]
        pub ack_wait: Duration = Duration::from_secs(30), "30s";
        /// Events fetched at once.
        pub batch: u32 = 64, "64";
    }
}

crate::config_section! {
    /// The job that looks for due clocks 时限.
    pub struct ClocksConfig in "clocks" {
        /// How often it looks.
        #[serde(deserialize_with = "crate::config::duration")]
        pub poll_interval: Duration = Duration::from_secs(10), "10s";
        /// Clocks claimed at once.
        pub batch: u32 = 50, "50";
    }
}
