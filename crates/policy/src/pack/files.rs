//! The files of a pack, and those of them that a node hands down to the nodes under it.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use contracts::region::RegionCode;
use sha2::{Digest as _, Sha256};

use super::{
    PolicyPack,
    error::{PackError, PackErrorKind, PackErrors},
    source::{self, Files},
};

const CALENDAR: &str = "reference/calendar/";

/// The files of a pack, read once; packs are built from them, with or without what a superior has handed down.
#[derive(Debug, Clone)]
pub struct PackFiles {
    files: Files,
    errors: Vec<PackError>,
}

/// What a node hands down 下发: the layers of its own region and of those above it, and the working days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedDown {
    /// `sha256:` and the digest of the files.
    pub version: String,
    /// The files by their path: `regions/62/clocks.yaml`, `reference/calendar/2026.json`.
    pub files: BTreeMap<String, String>,
}

impl HandedDown {
    /// The files, with the version that they have.
    #[must_use]
    pub fn new(files: BTreeMap<String, String>) -> Self {
        let mut digest = Sha256::new();
        for (name, text) in &files {
            for part in [name, text] {
                // The length keeps the end of one and the beginning of the next apart.
                digest.update(part.len().to_string());
                digest.update([0]);
                digest.update(part);
            }
        }
        let mut version = "sha256:".to_owned();
        for byte in digest.finalize() {
            _ = write!(version, "{byte:02x}");
        }
        Self { version, files }
    }
}

impl PackFiles {
    /// The files of a directory, or without one those built into the program. Faults come out when a pack is built.
    #[must_use]
    pub fn read(dir: Option<&Path>) -> Self {
        let mut errors = Vec::new();
        let files = match dir {
            Some(dir) => source::directory(dir, &mut errors),
            None => source::embedded(),
        };
        Self { files, errors }
    }

    /// The pack for the node of `region`, in which the layers of the regions above are those handed down, when some were.
    ///
    /// # Errors
    /// Every fault found, each with file, line, path and reason: also a value of the node's own that a layer above has locked,
    /// and a file that no superior of `region` may hand down.
    pub fn pack(
        &self,
        region: &RegionCode,
        handed_down: Option<&BTreeMap<String, String>>,
    ) -> Result<PolicyPack, PackErrors> {
        let (mut files, mut errors) = (self.files.clone(), self.errors.clone());
        if let Some(handed_down) = handed_down {
            let above: Vec<String> = region.ancestors().map(layer).collect();
            files.retain(|name, _| !above.iter().any(|layer| name.starts_with(layer)));
            for (name, text) in handed_down {
                if name.starts_with(CALENDAR) || above.iter().any(|layer| name.starts_with(layer)) {
                    files.insert(name.clone(), text.clone());
                } else {
                    errors.push(PackError {
                        file: name.clone(),
                        line: 1,
                        path: String::new(),
                        kind: PackErrorKind::File,
                        reason: format!("not a file that a superior of {region} hands down"),
                    });
                }
            }
        }
        let handed_down = HandedDown::new(handed_down_by(&files, region));
        PolicyPack::from_files(&files, region, errors, handed_down)
    }
}

fn layer(code: RegionCode) -> String {
    format!("regions/{code}/")
}

fn handed_down_by(files: &Files, region: &RegionCode) -> Files {
    let layers: Vec<String> = region.ancestors().chain([*region]).map(layer).collect();
    let handed = files.iter().filter(|(name, _)| {
        name.starts_with(CALENDAR) || layers.iter().any(|layer| name.starts_with(layer))
    });
    handed
        .map(|(name, text)| (name.clone(), text.clone()))
        .collect()
}
