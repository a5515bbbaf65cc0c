//! A centre's Secret, as `fengqiao secrets init` makes it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use accounts::{Invite, NodeKeys};
use anyhow::{Context as _, Result, ensure};
use charts_tests::Scenario;
use chassis::time::Time;

/// Files of other Secrets: of a certificate, and of a database that its operator runs.
pub const FROM_OTHERS: [&str; 3] = ["tls.crt", "tls.key", "uri"];
/// Keys of the centre's Secret that others give: an object store, gateways, the identity provider.
pub const GIVEN: [&str; 6] = [
    "attachments-access-key",
    "attachments-secret-key",
    "notifications-sms-token",
    "notifications-mini-programme-token",
    "notifications-email-token",
    "smoke-token",
];

/// Makes it in a new folder `secret` of `home`, a file a key.
pub async fn make(scenario: &Scenario, home: &Path) -> Result<PathBuf> {
    let program = e2e::program().await?;
    let path = |name: &str| home.join(name).display().to_string();
    let mut arguments = ["init", "--centre", scenario.code()]
        .map(str::to_owned)
        .to_vec();
    arguments.extend([
        "--keys".to_owned(),
        path("keys"),
        "--host".to_owned(),
        "127.0.0.1".to_owned(),
    ]);
    arguments.extend(["--format", "directory", "--out"].map(str::to_owned));
    arguments.push(path("secret"));
    if !scenario.text("/parent/url").is_empty() {
        let file = path("invitation");
        std::fs::write(&file, invitation(scenario, &home.join("above"))?)?;
        arguments.extend(["--parent-invitation".to_owned(), file]);
    }
    let mut command = Command::new(program);
    let output = command
        .arg("secrets")
        .args(arguments)
        .env_remove("FENGQIAO_CONFIG")
        .output()?;
    ensure!(
        output.status.success(),
        "secrets init: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let secret = home.join("secret");
    // The chart's own names for a certificate that somebody else makes.
    for (from, to) in [("leaf.crt", "tls.crt"), ("leaf.key", "tls.key")] {
        std::fs::copy(secret.join(from), secret.join(to)).context(from)?;
    }
    for given in GIVEN {
        std::fs::write(secret.join(given), "given")?;
    }
    // What the operator of the database makes.
    std::fs::copy(secret.join("database-owner-url"), secret.join("uri"))?;
    Ok(secret)
}

/// What the node above hands over.
fn invitation(scenario: &Scenario, keys: &Path) -> Result<String> {
    let now = Time::system().now();
    let above = NodeKeys::init(keys, scenario.text("/parent/code").parse()?)?;
    let authority = accounts::local_tls(&keys.join("tls"), &["127.0.0.1"], now)?.ca;
    let invitation = above.invite(
        &Invite {
            child: scenario.code().parse()?,
            urls: vec![scenario.text("/parent/url").to_owned()],
            ca: Some(std::fs::read_to_string(authority)?),
            expires_at: now + std::time::Duration::from_hours(24),
        },
        now,
    )?;
    Ok(serde_json::to_string(&invitation)?)
}
