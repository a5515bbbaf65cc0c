//! Migrations. Every one of a service has a number of its own, also among those of the machinery, which run in the same schema: of
//! two with the same one, only one would be run. One that brings states an older release cannot read says so, and takes it back.

use std::{collections::BTreeMap, path::Path};

use anyhow::Result;

/// Checks the migrations of every service.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let machinery = root.join("crates/chassis/migrations");
    for service in std::fs::read_dir(root.join("services"))? {
        let folder = service?.path().join("migrations");
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        findings.extend(unread_states(&folder)?);
        let mut numbers = BTreeMap::new();
        for entry in std::fs::read_dir(&machinery)?.chain(entries) {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let number = name.split('_').next().unwrap_or_default().to_owned();
            if let Some(other) = numbers.insert(number, name.clone()) {
                let folder = folder.display();
                findings.push(format!("{folder}: {other} and {name} have the same number"));
            }
        }
    }
    Ok(findings)
}

/// New states that no `oldest_reader` keeps older releases from, and an `oldest_reader` that is not taken back.
fn unread_states(folder: &Path) -> Result<Vec<String>> {
    let (mut findings, mut newest, mut kept) = (Vec::new(), 0, 0);
    for migration in std::fs::read_dir(folder)? {
        let path = migration?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let number: i64 = name.split('_').next().unwrap_or_default().parse()?;
        let read = |file: &str| std::fs::read_to_string(path.join(file)).unwrap_or_default();
        let (up, down) = (read("up.sql"), read("down.sql"));
        let states = up
            .split_whitespace()
            .any(|word| word.ends_with("_state_check") || word.ends_with("_status_check"));
        if states {
            newest = newest.max(number);
        }
        if let Some((_, raised)) = up.split_once("oldest_reader = ") {
            let raised: String = raised.chars().take_while(char::is_ascii_digit).collect();
            kept = kept.max(raised.parse()?);
            if !down.contains("oldest_reader = ") {
                findings.push(format!("{}: down.sql leaves oldest_reader", path.display()));
            }
        }
    }
    if newest > kept {
        let folder = folder.display();
        findings.push(format!(
            "{folder}: {newest} changes states, and older releases are let in since {kept}: raise schema_release.oldest_reader"
        ));
    }
    Ok(findings)
}
