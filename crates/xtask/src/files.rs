//! The budget of files: their length and their opening lines.

use std::{path::Path, process::Command};

use anyhow::{Result, ensure};

/// Longest production file, in lines.
const MOST_LINES: usize = 500;

/// Checks every Rust file that git knows.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut lengths = Vec::new();
    for path in rust_files(root)? {
        let Ok(text) = std::fs::read_to_string(root.join(&path)) else {
            continue;
        };
        let test =
            path.contains("/tests/") || path.starts_with("tests/") || path.ends_with("/tests.rs");
        if (path.ends_with("lib.rs") || path.ends_with("mod.rs") || path.ends_with("main.rs"))
            && !text.starts_with("//!")
        {
            findings.push(format!("{path}: does not open with //!"));
        }
        if test || path.ends_with("schema.rs") {
            continue;
        }
        let lines = production_lines(&text);
        lengths.push(lines);
        if lines > MOST_LINES {
            findings.push(format!("{path}: {lines} lines, at most {MOST_LINES}"));
        }
    }
    lengths.sort_unstable();
    let at = |percent: usize| {
        lengths
            .get(lengths.len() * percent / 100)
            .copied()
            .unwrap_or(0)
    };
    eprintln!(
        "{} production files: median {} lines, 90 % under {}",
        lengths.len(),
        at(50),
        at(90)
    );
    Ok(findings)
}

/// Lines before the inline tests.
fn production_lines(text: &str) -> usize {
    text.lines()
        .take_while(|line| *line != "#[cfg(test)]")
        .count()
}

fn rust_files(root: &Path) -> Result<Vec<String>> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.rs",
        ])
        .current_dir(root)
        .output()?;
    ensure!(
        output.status.success(),
        "git ls-files: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?
        .lines()
        .map(str::to_owned)
        .collect())
}
