//! The budget of files: the length of each, of the middle one and of nine in ten, and their opening lines.

use std::{path::Path, process::Command};

use anyhow::{Result, ensure};

/// Longest production file, in lines.
const MOST_LINES: usize = 500;
/// Half of the production files are at most this long, in lines.
const MEDIAN: usize = 110;
/// Nine of ten production files are at most this long, in lines.
const NINE_OF_TEN: usize = 300;

/// Checks every Rust file that git knows.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut lengths = Vec::new();
    let paths = rust_files(root)?;
    let tested_outside = tested_outside(root, &paths);
    for path in paths {
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
        if text.contains("#[cfg(test)]") && tested_outside.iter().any(|src| path.starts_with(src)) {
            findings.push(format!(
                "{path}: has unit tests, and its Cargo.toml says `test = false`: they would never run"
            ));
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
    for (percent, most) in [(50, MEDIAN), (90, NINE_OF_TEN)] {
        let lines = at(percent);
        eprintln!(
            "{percent} % of {} production files: up to {lines} lines",
            lengths.len()
        );
        if lines > most {
            findings.push(format!(
                "{percent} % of the production files may have up to {most} lines, and have {lines}"
            ));
        }
    }
    Ok(findings)
}

/// The `src/` folders of the libraries that have no unit tests.
fn tested_outside(root: &Path, paths: &[String]) -> Vec<String> {
    let libraries = paths.iter().filter_map(|path| path.strip_suffix("lib.rs"));
    libraries
        .filter(|src| {
            let manifest = root.join(src).join("../Cargo.toml");
            std::fs::read_to_string(manifest)
                .is_ok_and(|text| text.contains("\n[lib]\ntest = false"))
        })
        .map(str::to_owned)
        .collect()
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
