//! `cargo xtask`: what the repository checks of itself, and the files it generates.
//!
//! - `generate` writes `contracts/generated/` and, in `docs/`, `states.md`, `configuration.md` and `problems.md`;
//! - `check` fails when one of them is stale, when a crate depends on what it may not, when a machine is not drawn or not
//!   walked by a test, when the sample of a published event was changed, or when files are too long or open without `//!`.

mod asyncapi;
mod boundaries;
mod files;
mod generate;
mod machines;
mod migrations;
mod modules;
mod samples;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the generated files.
    Generate,
    /// Check boundaries, files and freshness.
    Check,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let root = generate::root()?;
    match cli.command {
        Command::Generate => {
            let mut written = generate::write(&root)?;
            written.extend(samples::publish(&root)?);
            for file in written {
                eprintln!("wrote {file}");
            }
            Ok(())
        }
        Command::Check => {
            let mut findings = generate::stale(&root)?;
            findings.extend(boundaries::check(&root)?);
            findings.extend(files::check(&root)?);
            findings.extend(migrations::check(&root)?);
            findings.extend(machines::check(&root)?);
            findings.extend(samples::check(&root)?);
            for finding in &findings {
                eprintln!("{finding}");
            }
            if findings.is_empty() {
                Ok(())
            } else {
                bail!("{} findings", findings.len())
            }
        }
    }
}
