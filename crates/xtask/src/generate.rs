//! The generated files: made from code, checked in, never edited.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use chassis::{config::Config, http::docs};
use contracts::problems;

use crate::{asyncapi, modules};

/// The repository.
pub fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(here.ancestors().nth(2).context("the workspace")?.to_owned())
}

/// Path and content of every generated file.
fn contents() -> Result<BTreeMap<String, String>> {
    let modules = modules::all();
    let mut files = BTreeMap::new();
    let mut json = |path: String, value: serde_json::Value| -> Result<()> {
        files.insert(path, serde_json::to_string_pretty(&value)? + "\n");
        Ok(())
    };
    let pairs: Vec<_> = modules.iter().map(|m| (m.service, m.routes)).collect();
    for (service, routes) in &pairs {
        let document = serde_json::to_value(docs::service_document(*service, *routes))?;
        json(
            format!("contracts/generated/openapi/{service}.json"),
            document,
        )?;
    }
    json(
        "contracts/generated/openapi/fengqiao.json".to_owned(),
        docs::merged_document(&pairs),
    )?;
    json(
        "contracts/generated/asyncapi.json".to_owned(),
        asyncapi::document(&modules)?,
    )?;
    for (name, schema) in asyncapi::event_schemas()? {
        json(format!("contracts/generated/events/{name}.json"), schema)?;
    }
    files.insert("docs/configuration.md".to_owned(), Config::reference());
    files.insert("docs/states.md".to_owned(), states(&modules));
    files.insert("docs/problems.md".to_owned(), problem_table());
    Ok(files)
}

fn states(modules: &[modules::Module]) -> String {
    let mut out = String::from(
        "# States\n\nGenerated from the transition tables by `cargo xtask generate`. A number is the transition's in the lifecycle.\n",
    );
    for module in modules {
        for diagram in &module.diagrams {
            let (en, zh) = diagram.name;
            _ = write!(
                out,
                "\n## {}: {en} {zh}\n\n```mermaid\n{}```\n",
                module.service, diagram.mermaid
            );
        }
    }
    out
}

fn problem_table() -> String {
    let mut out = String::from(
        "# Problem codes\n\nGenerated from the registry in `contracts` by `cargo xtask generate`. A program may rely on the code.\n\n\
         | code | status | 中文 | English |\n|---|---|---|---|\n",
    );
    for p in problems::all() {
        _ = writeln!(out, "| `{}` | {} | {} | {} |", p.code, p.status, p.zh, p.en);
    }
    out
}

/// Writes what differs; gives what was written.
pub fn write(root: &Path) -> Result<Vec<String>> {
    let mut written = Vec::new();
    for (path, content) in contents()? {
        let file = root.join(&path);
        if fs::read_to_string(&file).ok().as_ref() != Some(&content) {
            fs::create_dir_all(file.parent().context("a parent")?)?;
            fs::write(&file, content)?;
            written.push(path);
        }
    }
    for path in orphans(root, &contents()?)? {
        fs::remove_file(root.join(&path))?;
        written.push(format!("{path} (removed)"));
    }
    Ok(written)
}

/// The files that are not what would be generated now.
pub fn stale(root: &Path) -> Result<Vec<String>> {
    let contents = contents()?;
    let mut findings: Vec<String> = contents
        .iter()
        .filter(|(path, content)| {
            fs::read_to_string(root.join(path)).ok().as_ref() != Some(*content)
        })
        .map(|(path, _)| format!("{path}: stale, run `cargo xtask generate`"))
        .collect();
    findings.extend(
        orphans(root, &contents)?
            .into_iter()
            .map(|path| format!("{path}: nothing generates it any more")),
    );
    Ok(findings)
}

/// Files under `contracts/generated` that nothing generates.
fn orphans(root: &Path, contents: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![root.join("contracts/generated")];
    while let Some(directory) = open.pop() {
        let Ok(entries) = fs::read_dir(&directory) else {
            continue;
        };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let relative = path.strip_prefix(root)?.to_string_lossy().into_owned();
                if !contents.contains_key(&relative) {
                    found.push(relative);
                }
            }
        }
    }
    Ok(found)
}
