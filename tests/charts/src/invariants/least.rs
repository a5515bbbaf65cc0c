//! A pod gets the keys of the Secret that it reads, and no others.

use crate::{Release, Workload};

use super::{references::SERVICES, uses::uses};

const DESK: [&str; 5] = [
    "node.json",
    "node-signing.seed",
    "node-sealing.seed",
    "federation.creds",
    "parent.json",
];
/// For the service that keeps files and sends messages.
const WINDOW: [&str; 5] = [
    "attachments-access-key",
    "attachments-secret-key",
    "notifications-sms-token",
    "notifications-mini-programme-token",
    "notifications-email-token",
];
const SERVER: [&str; 7] = [
    "accounts.conf",
    "link.conf",
    "parent.creds",
    "parent-ca.pem",
    "leaf.crt",
    "leaf.key",
    "nats-routes-password",
];

/// One that is broken into has no more than it needed. Tests look at the whole node and are not listed.
pub(super) fn privilege(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    for workload in release
        .workloads()
        .iter()
        .filter(|workload| workload.kind != "Pod")
    {
        for container in workload.containers() {
            for used in uses(workload, container)
                .iter()
                .filter(|used| used.name == release.scenario.secret_name())
            {
                let key = used.key.as_deref().unwrap_or("everything");
                if used.kind == "Secret" && !may_read(workload, key) {
                    findings.push(format!("{}: {}: {key}", workload.title(), container.name));
                }
                let needed = !matches!(key, "smoke-token");
                if needed && used.optional {
                    findings.push(format!(
                        "{}: {}: {key} is optional",
                        workload.title(),
                        container.name
                    ));
                }
            }
        }
    }
    findings
}

fn may_read(workload: &Workload, key: &str) -> bool {
    let component = workload.component();
    let own = |service: &str| {
        key == format!("database-{service}-password") || key == format!("nats-{service}.creds")
    };
    let password = SERVICES
        .iter()
        .any(|service| key == format!("database-{service}-password"));
    match component {
        "all" => {
            SERVICES.iter().any(|service| own(service))
                || DESK.contains(&key)
                || WINDOW.contains(&key)
        }
        "intake" => own(component) || WINDOW.contains(&key),
        // Asks everything about everything.
        "doctor" => {
            SERVICES.iter().any(|service| own(service))
                || DESK.contains(&key)
                || key == "system.creds"
        }
        "federation" => own(component) || DESK.contains(&key),
        service if SERVICES.contains(&service) => own(service),
        "nats" => SERVER.contains(&key),
        "postgres" => key == "database-owner-password" || key == "backup-key",
        "migrate" => password || key == "database-owner-url",
        "backup" => key == "database-owner-url" || key == "backup-key",
        "restore-drill" => key == "backup-key",
        _ => false,
    }
}
