//! `cargo xtask`: what the repository checks of itself, and the files it generates.
//!
//! - `generate` writes `contracts/generated/` and, in `docs/`, `states.md`, `configuration.md` and `problems.md`;
//! - `check` fails when one of them is stale, when a crate depends on what it may not, when a machine is not drawn or not
//!   walked by a test, or when a file is too long or opens without `//!`.

mod asyncapi;
mod boundaries;
mod files;
mod generate;
mod machines;
mod migrations;
mod modules;

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
            for file in generate::write(&root)? {
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
