//! The chart, rendered by real Helm and checked. A test renders its own scenario once; what it finds it reports all at once.

mod alerts;
mod cluster;
mod configuration;
mod fleet;
mod flux;
mod goldens;
mod image;
mod matrix;
mod pod;
mod refusals;
mod renders;
mod secret;
mod sensitive;
mod starts;
mod tools;

use anyhow::{Result, bail};

/// Fails with all findings, when there are any.
fn report(scenario: &str, findings: &[String]) -> Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    bail!(
        "{scenario}: {} findings\n  {}",
        findings.len(),
        findings.join("\n  ")
    )
}
