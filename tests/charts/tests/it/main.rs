//! The chart, rendered by real Helm and checked. A test renders its own scenario once; what it finds it reports all at once.

mod matrix;

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
