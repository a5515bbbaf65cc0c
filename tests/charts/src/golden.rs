//! Comparison with what was rendered before. A change of the chart shows as a change of `golden/`, and is reviewed there.
//! `UPDATE_GOLDEN=1` writes the files anew, except what can never change in a running release.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use similar::TextDiff;

use crate::{Release, Scenario};

/// What Kubernetes, or an operator, refuses to change once the object is there.
const IMMUTABLE: [(&str, &[&str]); 5] = [
    ("Deployment", &["/spec/selector"]),
    (
        "StatefulSet",
        &[
            "/spec/selector",
            "/spec/serviceName",
            "/spec/podManagementPolicy",
            "/spec/volumeClaimTemplates",
        ],
    ),
    ("Service", &["/spec/clusterIP"]),
    (
        "PersistentVolumeClaim",
        &["/spec/accessModes", "/spec/storageClassName"],
    ),
    // Read when the database is made, and never again.
    ("Cluster", &["/spec/bootstrap"]),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::create_dir_all(folder())?;
    std::fs::write(file, text).with_context(|| file.display().to_string())
}

fn updating() -> bool {
    std::env::var("UPDATE_GOLDEN").is_ok_and(|value| !value.is_empty())
}

/// Whether the release renders as it did, apart from [noise](quiet).
///
/// # Errors
/// It does not: the error shows the difference.
pub fn compare(release: &Release) -> Result<()> {
    let file = folder().join(format!("{}.yaml", release.scenario.name));
    let now = quiet(&release.text);
    if updating() {
        return write(&file, &now);
    }
    let before = std::fs::read_to_string(&file)
        .with_context(|| format!("{}: UPDATE_GOLDEN=1 makes it", file.display()))?;
    let diff = TextDiff::from_lines(&before, &now);
    let diff = diff.unified_diff().header("golden", "now").to_string();
    ensure!(
        before == now,
        "{} renders differently; UPDATE_GOLDEN=1 accepts it:\n{diff}",
        release.scenario.name
    );
    Ok(())
}

/// A render without what changes often and says nothing: digests, hashes of contents, the version of the chart, empty lines.
#[must_use]
pub fn quiet(text: &str) -> String {
    let mut quiet = String::new();
    for line in text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.trim().is_empty())
    {
        let line = match line.split_once("helm.sh/chart: ") {
            Some((before, _)) => format!("{before}helm.sh/chart: <chart>"),
            None => without_hashes(line),
        };
        // Writing to a String cannot fail.
        _ = writeln!(quiet, "{line}");
    }
    quiet
}

/// Without words of 64 hexadecimal digits, and without the first 8 of such in the names of jobs.
fn without_hashes(line: &str) -> String {
    let is_hash = |word: &str| {
        let digits = word.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits && (word.len() == 64 || (word.len() == 8 && line.contains("name: ")))
    };
    let parts = line.split_inclusive([':', ' ', '"', '@', '-']);
    let parts = parts.map(|part| {
        let word = part.trim_end_matches([':', ' ', '"', '@', '-']);
        if is_hash(word) {
            part.replace(word, "<hash>")
        } else {
            part.to_owned()
        }
    });
    parts.collect()
}

/// Everything that cannot be changed in a running release.
#[derive(Debug)]
pub struct Guard {
    file: PathBuf,
    record: BTreeMap<String, Value>,
}

impl Guard {
    /// What was on record when the scenario was first rendered.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn of(scenario: &Scenario) -> Result<Self> {
        let file = folder().join(format!("{}.immutable.json", scenario.name));
        let record = match std::fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text).with_context(|| file.display().to_string())?,
            Err(_) => BTreeMap::new(),
        };
        Ok(Self { file, record })
    }

    /// What differs from the record, or is gone.
    #[must_use]
    pub fn changed(&self, release: &Release) -> Vec<&str> {
        let now = immutable(release);
        let differs = |(name, value): &(&String, &Value)| now.get(*name) != Some(*value);
        let changed = self.record.iter().filter(differs);
        changed.map(|(name, _)| name.as_str()).collect()
    }

    /// Fails when something has changed or is not on record. The record only ever gains lines, also with `UPDATE_GOLDEN=1`: who
    /// deletes one of them breaks every upgrade from an earlier release.
    ///
    /// # Errors
    /// As said, or the record cannot be written.
    pub fn check(mut self, release: &Release) -> Result<()> {
        let now = immutable(release);
        if updating() {
            for (name, value) in &now {
                self.record
                    .entry(name.clone())
                    .or_insert_with(|| value.clone());
            }
            let mut text = serde_json::to_string_pretty(&self.record)?;
            text.push('\n');
            write(&self.file, &text)?;
        }
        let changed = self.changed(release);
        let new = now.keys().filter(|name| !self.record.contains_key(*name));
        let new: Vec<&String> = new.collect();
        let name = &release.scenario.name;
        ensure!(
            changed.is_empty(),
            "{name}: {changed:?} cannot be changed in a running release"
        );
        ensure!(
            new.is_empty(),
            "{name}: not on record: {new:?}; UPDATE_GOLDEN=1 adds them"
        );
        Ok(())
    }
}

/// What Kubernetes refuses to change, by object and field.
#[must_use]
pub fn immutable(release: &Release) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::new();
    for object in &release.objects {
        for (_, pointers) in IMMUTABLE.iter().filter(|(kind, _)| *kind == object.kind()) {
            for pointer in *pointers {
                let value = object
                    .value
                    .pointer(pointer)
                    .cloned()
                    .unwrap_or(Value::Null);
                fields.insert(format!("{} {pointer}", object.title()), value);
            }
        }
    }
    fields
}
