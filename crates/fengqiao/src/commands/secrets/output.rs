//! How a Secret is written.

use std::{
    fmt::Write as _, fs::DirBuilder, io::Write as _, os::unix::fs::DirBuilderExt as _, path::Path,
};

use accounts::NodeKeys;
use anyhow::{Context as _, Result, ensure};

use super::content::Entry;
use crate::{
    cli::{SecretFormat, SecretOptions},
    local::write_private,
};

/// Refuses to write over something.
pub fn check(wanted: &SecretOptions) -> Result<()> {
    if let Some(out) = &wanted.out {
        ensure!(!out.exists(), "{} exists already", out.display());
    }
    Ok(())
}

/// Writes it.
#[expect(clippy::print_stdout, reason = "what is piped to kubectl")]
pub fn write(
    keys: &NodeKeys,
    wanted: &SecretOptions,
    entries: &[Entry],
    refreshed: bool,
) -> Result<()> {
    match (wanted.format, &wanted.out) {
        (SecretFormat::Directory, Some(out)) => directory(out, entries),
        (SecretFormat::Directory, None) => anyhow::bail!("--out names the new folder"),
        (SecretFormat::Kubernetes, Some(out)) => {
            write_private(out, kubernetes(keys, wanted, entries, refreshed).as_bytes())
        }
        (SecretFormat::Kubernetes, None) => {
            print!("{}", kubernetes(keys, wanted, entries, refreshed));
            // A full disk behind a pipe must not look like success.
            Ok(std::io::stdout().flush()?)
        }
    }
}

fn directory(out: &Path, entries: &[Entry]) -> Result<()> {
    let made = DirBuilder::new().mode(0o700).create(out);
    made.with_context(|| out.display().to_string())?;
    for entry in entries {
        write_private(&out.join(&entry.name), entry.value.as_bytes())?;
    }
    Ok(())
}

/// YAML by hand: the comments are half of it.
fn kubernetes(
    keys: &NodeKeys,
    wanted: &SecretOptions,
    entries: &[Entry],
    refreshed: bool,
) -> String {
    let code = keys.code();
    let name = wanted
        .name
        .clone()
        .unwrap_or_else(|| format!("centre-{code}"));
    let mut text = if refreshed {
        format!(
            "# What comes from the keys of centre {code}: kubectl patch secret {name} --patch-file <this file>\n"
        )
    } else {
        format!(
            "# The Secret of centre {code}. Its passwords are nowhere else: store it encrypted, or apply it and delete it.\n"
        )
    };
    text.push_str("apiVersion: v1\nkind: Secret\nmetadata:\n");
    // Writing to a String cannot fail.
    _ = writeln!(text, "  name: {}", quoted(&name));
    if let Some(namespace) = &wanted.namespace {
        _ = writeln!(text, "  namespace: {}", quoted(namespace));
    }
    text.push_str("type: Opaque\nstringData:\n");
    for Entry { name, value, about } in entries {
        _ = writeln!(text, "  # {about}");
        match value.strip_suffix('\n') {
            Some(lines) => {
                _ = writeln!(text, "  {name}: |");
                for line in lines.lines() {
                    let indent = if line.is_empty() { "" } else { "    " };
                    _ = writeln!(text, "{indent}{line}");
                }
            }
            None => _ = writeln!(text, "  {name}: {}", quoted(value)),
        }
    }
    text
}

/// JSON's form of a text is one of YAML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
