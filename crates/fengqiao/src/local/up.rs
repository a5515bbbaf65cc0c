//! `fengqiao up`: a node to play with.

use std::path::Path;

use anyhow::{Context as _, Result};
use chassis::telemetry;
use contracts::roles::Role;

use super::{Keep, LocalNode, LocalOptions, local_court, register_organisations, write_private};
use crate::demo::Api;

/// The region of the node: 武威.
const REGION: &str = "6206";

/// Starts it, registers organisations, prints where it is and a token a role, and works until Ctrl-C.
#[expect(
    clippy::print_stdout,
    reason = "what the person at the terminal is to read"
)]
pub async fn up(data: &Path, port: u16) -> Result<()> {
    let mut logs = chassis::config::TelemetryConfig::default();
    "warn".clone_into(&mut logs.log_filter);
    let _telemetry = telemetry::init(&logs, "fengqiao", REGION).context("telemetry")?;
    let node = LocalNode::start(LocalOptions {
        directory: data,
        region: REGION,
        listen: ([127, 0, 0, 1], port).into(),
        keep: Keep::Durably,
        postgres: None,
        federated: None,
        pool_size: 4,
    })
    .await?;
    let administrator = node
        .issuer
        .token("up-administrator", Role::Administrator, REGION, None)?;
    let api = Api::new(node.address)?;
    let desks = register_organisations(&api, &administrator, REGION).await?;
    println!("枫桥 Fengqiao · node 武威 {REGION}\n");
    println!("  API pages   http://{}/docs/", node.address);
    println!(
        "  messages    http://{}/intake/v1/notifications   (kept here: no gateway is configured)",
        node.address
    );
    println!("  health      http://{}/readyz", node.address);
    println!(
        "  data        {}   (other commands: fengqiao --config {}/fengqiao.toml …)\n",
        data.display(),
        data.display()
    );
    println!(
        "Tokens, good for 30 days, for this node only (export and use as `Authorization: Bearer $CLERK`):\n"
    );
    let mut exports = String::new();
    for &role in Role::ALL {
        let desk = match role {
            Role::CourtUser => Some(local_court()),
            _ => desks
                .first()
                .filter(|_| role.bound_to_organisation())
                .map(|d| d.organisation),
        };
        let token = node
            .issuer
            .token(&format!("up-{role}"), role, REGION, desk)?;
        let export = format!("export {}={token}\n", variable(role));
        println!("# {} · {role}\n{export}", role.zh());
        exports.push_str(&export);
    }
    // The same for programs: `. <data>/tokens.env`, and the load test.
    write_private(&data.join("tokens.env"), exports.as_bytes())?;
    if let Some(desk) = desks.first() {
        println!("# the organisation of officer and mediator, and one of its mediators");
        println!("export ORG={}", desk.organisation);
        if let Some(mediator) = desk.mediators.first() {
            println!("export MED={mediator}");
        }
    }
    println!(
        "# the court of court_user\nexport COURT_ID={}\n",
        local_court()
    );
    println!("Organisations (organisation_officer and mediator work for the first):\n");
    for desk in &desks {
        println!("  {}  {:6}  {}", desk.organisation, desk.region, desk.name);
        for mediator in &desk.mediators {
            println!("      mediator {mediator}");
        }
    }
    println!("\nCtrl-C stops it; what is stored is there next time.");
    node.run().await
}

/// Name of the shell variable for a role's token.
fn variable(role: Role) -> &'static str {
    match role {
        Role::Applicant => "APPLICANT",
        Role::WindowClerk => "CLERK",
        Role::GridWorker => "GRID",
        Role::TriageOfficer => "TRIAGE",
        Role::OrganisationOfficer => "OFFICER",
        Role::Mediator => "MEDIATOR",
        Role::Coordinator => "COORDINATOR",
        Role::Evaluator => "EVALUATOR",
        Role::CentreDirector => "DIRECTOR",
        Role::CourtUser => "COURT",
        Role::Leader => "LEADER",
        Role::Administrator => "ADMIN",
        Role::MessageGateway => "GATEWAY",
    }
}
