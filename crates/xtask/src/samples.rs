//! Samples of published events. `contracts/samples/SHA256SUMS` notes each as it was when it was added, and is only ever appended to:
//! what consumers meet in a replay cannot be rewritten afterwards. A payload that gained fields gets one more sample,
//! `<object>.<fact>.v1.2.json`.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// The list, in the format of `sha256sum`.
const LIST: &str = "contracts/samples/SHA256SUMS";

/// Sum of every sample there is, by its file name.
fn present(root: &Path) -> Result<BTreeMap<String, String>> {
    let mut sums = BTreeMap::new();
    for entry in fs::read_dir(root.join("contracts/samples"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let name = path.file_name().context("a name")?.to_string_lossy();
            sums.insert(
                name.into_owned(),
                HEXLOWER.encode(&Sha256::digest(fs::read(&path)?)),
            );
        }
    }
    Ok(sums)
}

/// Sum of every sample that was published, by its file name.
fn published(root: &Path) -> Result<BTreeMap<String, String>> {
    let list = fs::read_to_string(root.join(LIST))?;
    list.lines()
        .map(|line| {
            let (sum, name) = line
                .split_once("  ")
                .with_context(|| format!("{LIST}: {line}"))?;
            Ok((name.to_owned(), sum.to_owned()))
        })
        .collect()
}

/// Samples that were changed or removed after they were published, and such as are in no list yet.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let (present, published) = (present(root)?, published(root)?);
    let rewritten = published.iter().filter_map(|(name, sum)| match present.get(name) {
        None => Some(format!("contracts/samples/{name}: was published, and is gone")),
        Some(now) if now != sum => Some(format!(
            "contracts/samples/{name}: was published, and says something else now: put it back, and add one more sample"
        )),
        Some(_) => None,
    });
    let new = present.keys().filter(|name| !published.contains_key(*name));
    let new = new.map(|name| {
        format!("contracts/samples/{name}: not in the list, run `cargo xtask generate`")
    });
    Ok(rewritten.chain(new).collect())
}

/// Adds the new samples to the list; gives what was added.
pub fn publish(root: &Path) -> Result<Vec<String>> {
    let published = published(root)?;
    let mut list = fs::read_to_string(root.join(LIST))?;
    let mut added = Vec::new();
    for (name, sum) in present(root)? {
        if !published.contains_key(&name) {
            list.push_str(&format!("{sum}  {name}\n"));
            added.push(format!("{LIST}: {name}"));
        }
    }
    if !added.is_empty() {
        fs::write(root.join(LIST), list)?;
    }
    Ok(added)
}
