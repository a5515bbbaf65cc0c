//! Every migration of a service has a number of its own, also among those of the machinery, which run in the same schema: of two
//! with the same one, only one would be run.

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
