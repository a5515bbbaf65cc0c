//! Every machine of a service is drawn, and the service's tests walk those that are drawn (`testkit::machines`).

use std::{fs, path::Path};

use anyhow::Result;

use crate::modules;

/// Checks every service.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for module in modules::all() {
        let (service, drawn) = (module.service, module.diagrams.len());
        let folder = root.join("services").join(service.as_str());
        let mut tables = 0;
        for file in sources(&folder.join("src"))? {
            tables += fs::read_to_string(file)?
                .matches("impl StateMachine for ")
                .count();
        }
        if tables != drawn {
            findings.push(format!(
                "{service}: {tables} transition tables, and `diagrams()` draws {drawn}"
            ));
        }
        let mut walked = false;
        for file in sources(&folder.join("tests"))? {
            walked |= fs::read_to_string(file)?.contains("complete::<");
        }
        if drawn > 0 && !walked {
            findings.push(format!(
                "{service}: no test walks its machines, see testkit::machines::complete"
            ));
        }
    }
    Ok(findings)
}

/// The Rust files of a folder and of those in it.
fn sources(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}
