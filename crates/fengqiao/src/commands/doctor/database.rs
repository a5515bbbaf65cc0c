//! PostgreSQL: each role's login, each schema's release, what waits in the outboxes, dead letters, the clock.

use anyhow::Result;
use chassis::{
    config::Config,
    db::{DbUrl, Outbox, ServiceSchema, Session, check_release},
    time::Time,
};
use chrono::{DateTime, Utc};
use contracts::Service;
use tokio::runtime::Handle;

use super::report::Report;
use crate::modules;

/// How old a waiting event may be; a relay that works publishes it within a second.
const OLD: i64 = 60;
/// How far the clocks of two machines may be apart, milliseconds.
pub const CLOCK_OFF: i64 = 2_000;

/// Looks.
pub async fn look(config: &Config, report: &mut Report) {
    let mut clock_seen = false;
    for schema in modules::schemas(Service::ALL) {
        let service = schema.service;
        match Counts::read(config, &schema).await {
            Ok(counts) => {
                counts.tell(service, report);
                if !clock_seen {
                    report.ok("PostgreSQL", format!("version {}", counts.server));
                    clock(counts.now, "clock of PostgreSQL", report);
                    clock_seen = true;
                }
            }
            Err(error) => report.failed(
                &format!("schema of {service}"),
                error,
                "is PostgreSQL up, did `fengqiao migrate` run with this release and these passwords?",
            ),
        }
    }
}

/// Compares another machine's clock with this one's.
pub fn clock(there: DateTime<Utc>, what: &str, report: &mut Report) {
    let off = (there - Time::system().now()).num_milliseconds();
    if off.abs() > CLOCK_OFF {
        report.warning(
            what,
            format!("{off} ms off"),
            "set up time synchronisation: deadlines and tokens depend on it",
        );
    } else {
        report.ok(what, format!("{off} ms off"));
    }
}

/// What is in a service's schema.
struct Counts {
    server: String,
    version: String,
    waiting: Vec<(&'static str, i64, i64)>,
    dead_letters: i64,
    now: DateTime<Utc>,
}

impl Counts {
    async fn read(config: &Config, schema: &ServiceSchema) -> Result<Self> {
        let url = DbUrl::of_service(&config.database, schema.service)?;
        check_release(&url, schema).await?;
        let session = Session::open(&url, &Handle::current()).await?;
        let row = session
            .client()
            .query_one(
                "SELECT (SELECT max(version) FROM __diesel_schema_migrations), (SELECT count(*) FROM dead_letters),
                        clock_timestamp(), current_setting('server_version')",
                &[],
            )
            .await?;
        let outboxes: &[Outbox] = match schema.service {
            Service::Federation => &[Outbox::Events, Outbox::Up, Outbox::Down],
            _ => &[Outbox::Events],
        };
        let mut waiting = Vec::new();
        for outbox in outboxes {
            let table = outbox.table();
            let sql = format!(
                "SELECT count(*), coalesce(extract(epoch FROM now() - min(occurred_at)), 0)::bigint
                 FROM {table} WHERE stream_seq IS NULL"
            );
            let row = session.client().query_one(&sql, &[]).await?;
            waiting.push((table, row.get(0), row.get(1)));
        }
        Ok(Self {
            server: row.get(3),
            version: row.get(0),
            dead_letters: row.get(1),
            now: row.get(2),
            waiting,
        })
    }

    fn tell(&self, service: Service, report: &mut Report) {
        report.ok(
            &format!("schema of {service}"),
            format!("login good, release {}", self.version),
        );
        for (table, count, oldest) in &self.waiting {
            let what = format!("{table} of {service}");
            let found = format!("{count} wait, the oldest for {oldest} s");
            if *count == 0 {
                report.ok(&what, "nothing waits");
            } else if *oldest < OLD {
                report.ok(&what, found);
            } else {
                report.warning(
                    &what,
                    found,
                    "is the service running, is nats-server up, has the stream reached its limit? Nothing is lost",
                );
            }
        }
        let what = format!("dead letters of {service}");
        if self.dead_letters == 0 {
            report.ok(&what, "none");
        } else {
            report.warning(
                &what,
                self.dead_letters,
                &format!("`fengqiao dead-letters list --service {service}`"),
            );
        }
    }
}
