//! Where the files of a pack come from: a directory, or the copy built into the program.

use std::{collections::BTreeMap, fs, io, path::Path};

use rust_embed::RustEmbed;
use serde_json::Value;

use super::error::{PackError, PackErrorKind};

#[derive(RustEmbed)]
#[folder = "../../policies/default"]
#[prefix = "default/"]
struct DefaultFiles;

#[derive(RustEmbed)]
#[folder = "../../policies/regions"]
#[prefix = "regions/"]
struct RegionFiles;

#[derive(RustEmbed)]
#[folder = "../../policies/reference/calendar"]
#[prefix = "reference/calendar/"]
struct CalendarFiles;

#[derive(RustEmbed)]
#[folder = "../../policies/schema"]
struct SchemaFiles;

const CALENDAR: &str = "reference/calendar";

/// Text files of a pack by their path under its directory, `/` between parts.
pub(super) type Files = BTreeMap<String, String>;

/// The files built into the program.
pub(super) fn embedded() -> Files {
    let mut files = Files::new();
    collect::<DefaultFiles>(&mut files);
    collect::<RegionFiles>(&mut files);
    collect::<CalendarFiles>(&mut files);
    files
}

fn collect<E: RustEmbed>(files: &mut Files) {
    for name in E::iter() {
        if let Some(file) = E::get(&name) {
            let text = String::from_utf8_lossy(&file.data).into_owned();
            files.insert(name.into_owned(), text);
        }
    }
}

/// The files of a directory: `default/`, `regions/` and `reference/calendar/` below it. Without `default/` they go over those
/// built into the program.
pub(super) fn directory(root: &Path, errors: &mut Vec<PackError>) -> Files {
    let mut found = Files::new();
    let mut fault = |folder: &str, reason: String| {
        errors.push(PackError {
            file: format!("{}/{folder}", root.display()),
            line: 1,
            path: String::new(),
            kind: PackErrorKind::File,
            reason,
        });
    };
    for folder in ["default", "regions", CALENDAR] {
        match read(root, folder, &mut found) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                fault(folder, error.to_string());
            }
            _ => {}
        }
    }
    let has = |folder: &str| found.keys().any(|name| name.starts_with(folder));
    match (has("default/"), has(CALENDAR)) {
        (true, true) => found,
        (true, false) => {
            fault(CALENDAR, "this folder is needed beside default".to_owned());
            found
        }
        (false, _) => {
            if found.is_empty() {
                fault("regions", "no policy file is there".to_owned());
            }
            let mut files = embedded();
            files.extend(found);
            files
        }
    }
}

fn read(root: &Path, folder: &str, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read(root, &name, files)?;
        } else if matches!(
            entry.path().extension().and_then(|e| e.to_str()),
            Some("yaml" | "yml" | "json")
        ) {
            files.insert(name, fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}

/// The schema of a section; part of the program, not of the pack.
pub(super) fn schema(section: &str) -> Option<Value> {
    let file = SchemaFiles::get(&format!("{section}.schema.json"))?;
    serde_json::from_slice(&file.data).ok()
}
