//! The nodes above and below.

use chassis::config::Config;

use super::report::Report;
use crate::commands::federation::check::Standing;

/// Looks.
pub async fn look(config: &Config, report: &mut Report) {
    let standing = match Standing::look(config).await {
        Ok(standing) => standing,
        Err(error) => {
            report.failed(
                "links",
                error,
                "are the files of the keys in federation.directory?",
            );
            return;
        }
    };
    let wrong = standing.wrong(config);
    for what in &wrong {
        report.failed("links", what, "`fengqiao federation check` says more");
    }
    if wrong.is_empty() {
        let above = match &standing.parent {
            Some(parent) => format!("linked to {}", parent.code),
            None => "no node above".to_owned(),
        };
        let below = standing.nodes.iter().filter(|node| node.child).count();
        report.ok("links", format!("{above}, {below} nodes below"));
    }
    for node in &standing.nodes {
        if node.clock_off_ms.abs() > CHILD_CLOCK_OFF {
            report.warning(
                &format!("clock of {}", node.code),
                format!("{} ms off", node.clock_off_ms),
                "set up time synchronisation there",
            );
        }
    }
}

/// How far a child's clock may be off, milliseconds: docs/federation.md, "What to watch".
const CHILD_CLOCK_OFF: i64 = 60_000;
