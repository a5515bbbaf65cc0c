//! Making the instruments, with names, units and buckets.

use opentelemetry::metrics::{Counter, Gauge, Histogram, Meter, UpDownCounter};

/// Seconds, from half a millisecond to half a minute.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];

/// Every instrument of the process. The names are an interface: dashboards and alarms use them.
#[derive(Debug)]
pub(super) struct Instruments {
    pub(super) http_requests: Counter<u64>,
    pub(super) http_duration: Histogram<f64>,
    pub(super) http_in_flight: UpDownCounter<i64>,
    pub(super) http_limited: Counter<u64>,
    pub(super) db_tx: Counter<u64>,
    pub(super) db_tx_duration: Histogram<f64>,
    pub(super) db_tx_retries: Counter<u64>,
    pub(super) db_pool_wait: Histogram<f64>,
    pub(super) outbox_published: Counter<u64>,
    pub(super) outbox_pending: Gauge<u64>,
    pub(super) outbox_oldest: Gauge<f64>,
    pub(super) consumer_events: Counter<u64>,
    pub(super) consumer_duration: Histogram<f64>,
    pub(super) dead_letters: Gauge<u64>,
    pub(super) question_duration: Histogram<f64>,
    pub(super) clocks_fired: Counter<u64>,
    pub(super) clocks_failed: Counter<u64>,
    pub(super) node_silence: Gauge<f64>,
    pub(super) node_missing: Gauge<u64>,
    pub(super) node_policy_refused: Gauge<u64>,
    pub(super) node_dead_letters: Gauge<u64>,
    pub(super) up_unconfirmed: Gauge<u64>,
    pub(super) up_unconfirmed_oldest: Gauge<f64>,
    pub(super) link_ends: Gauge<f64>,
}

impl Instruments {
    pub(super) fn new(meter: &Meter) -> Self {
        let seconds = |name: &'static str, meaning: &'static str| {
            meter
                .f64_histogram(name)
                .with_unit("s")
                .with_description(meaning)
                .with_boundaries(SECONDS.to_vec())
                .build()
        };
        let count = |name: &'static str, meaning: &'static str| {
            meter.u64_counter(name).with_description(meaning).build()
        };
        let level = |name: &'static str, meaning: &'static str| {
            meter.u64_gauge(name).with_description(meaning).build()
        };
        Self {
            http_requests: count("http.requests", "Requests by method, route and status"),
            http_duration: seconds(
                "http.request.duration",
                "Time to answer a request, by method and route",
            ),
            http_in_flight: meter
                .i64_up_down_counter("http.in_flight")
                .with_description("Requests under way")
                .build(),
            http_limited: count(
                "http.limited",
                "Requests refused by the rate limit, by kind of key",
            ),
            db_tx: count("db.tx", "Transactions by service, name and outcome"),
            db_tx_duration: seconds(
                "db.tx.duration",
                "Time of a transaction, retries included, by service and name",
            ),
            db_tx_retries: count(
                "db.tx.retries",
                "Repeated attempts by service and transaction",
            ),
            db_pool_wait: seconds("db.pool.wait", "Wait for a database connection by service"),
            outbox_published: count(
                "outbox.published",
                "Events acknowledged by the stream, by service",
            ),
            outbox_pending: level(
                "outbox.pending",
                "Events waiting to be published, by service; counted up to 100,000",
            ),
            outbox_oldest: meter
                .f64_gauge("outbox.oldest.age")
                .with_unit("s")
                .with_description("Age of the oldest event waiting to be published, by service")
                .build(),
            consumer_events: count("consumer.events", "Events by service, consumer and outcome"),
            consumer_duration: seconds(
                "consumer.duration",
                "Time to apply an event, by service and consumer",
            ),
            dead_letters: level("dead_letters", "Dead letters kept, by service"),
            question_duration: seconds(
                "question.duration",
                "Time of a question by asker, subject and outcome",
            ),
            clocks_fired: count(
                "clocks.fired",
                "Clocks that warned or fell due, by service and kind",
            ),
            clocks_failed: count(
                "clocks.failed",
                "Due clocks that could not be handled and were put off, by service and kind",
            ),
            node_silence: meter
                .f64_gauge("federation.node.silence")
                .with_unit("s")
                .with_description("Time since a node below was heard of, by node")
                .build(),
            node_missing: level(
                "federation.node.missing",
                "Messages a node below has sent that are not here, by node",
            ),
            node_policy_refused: level(
                "federation.node.policy_refused",
                "1 while a node below works on without the policy it was handed down, by node",
            ),
            node_dead_letters: level(
                "federation.node.dead_letters",
                "Messages of another node that did not pass the checks here, by node",
            ),
            up_unconfirmed: level(
                "federation.up.unconfirmed",
                "Messages to the node above that it has not confirmed",
            ),
            up_unconfirmed_oldest: meter
                .f64_gauge("federation.up.unconfirmed.oldest.age")
                .with_unit("s")
                .with_description("Age of the oldest message the node above has not confirmed")
                .build(),
            link_ends: meter
                .f64_gauge("federation.link.ends")
                .with_unit("s")
                .with_description("Time until the credentials of the link to the node above end; negative afterwards")
                .build(),
        }
    }
}
