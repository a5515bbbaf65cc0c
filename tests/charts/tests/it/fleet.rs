//! The centres of `k8s/centres` together: who is above whom, and whether that one takes links.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, Result};
use charts_tests::{Release, Scenario, helm::root, invariants, scenario::centres};
use k8s_openapi::api::core::v1::Service;

use crate::report;

#[test]
fn every_centre_is_well() -> Result<()> {
    let mut findings = Vec::new();
    let mut releases = BTreeMap::new();
    for scenario in centres()? {
        let release = Release::render(&scenario)?;
        let found = invariants::findings(&release)
            .into_iter()
            .chain(place(&scenario)?);
        findings.extend(found.map(|finding| format!("{}: {finding}", scenario.name)));
        let name = scenario.name.clone();
        if let Some(other) = releases.insert(scenario.code().to_owned(), release) {
            findings.push(format!(
                "{name} and {} have the same code",
                other.scenario.name
            ));
        }
    }
    for release in releases.values() {
        findings.extend(wave(release, &releases));
        findings.extend(
            link(release, &releases).map(|finding| format!("{}: {finding}", release.scenario.name)),
        );
    }
    report("k8s/centres", &findings)
}

/// A centre goes ahead only together with those above it: they must understand what it sends.
fn wave(release: &Release, releases: &BTreeMap<String, Release>) -> Option<String> {
    let is_canary = |release: &Release| release.scenario.text("/fleet/wave") == "canary";
    let above = releases.get(release.scenario.text("/parent/code"))?;
    (is_canary(release) && !is_canary(above)).then(|| {
        let (name, above) = (&release.scenario.name, above.scenario.code());
        format!("{name} is a canary, and {above} above it is none")
    })
}

/// The waves of Argo CD move on only when what a release no longer has is pruned.
#[test]
fn argo_cd_prunes() -> Result<()> {
    let file = std::fs::read_to_string(root().join("k8s/argocd/applicationset.yaml"))?;
    let set: serde_json::Value = serde_saphyr::from_str(&file)?;
    let policy = &set["spec"]["template"]["spec"]["syncPolicy"];
    assert_eq!(policy["automated"], serde_json::json!({ "prune": true }));
    Ok(())
}

/// A file lies below the centre above it, in a folder that begins with its code, and is about ten lines long.
fn place(scenario: &Scenario) -> Result<Vec<String>> {
    let file = Path::new(&scenario.name);
    let mut folders = file
        .ancestors()
        .skip(1)
        .filter_map(|folder| folder.file_name()?.to_str());
    let own = folders.next().unwrap_or_default();
    let above = folders
        .next()
        .and_then(|folder| folder.split('-').next())
        .unwrap_or_default();
    let lines = std::fs::read_to_string(root().join(file))?.lines().count();
    let parent = scenario.text("/parent/code");
    let fleet = |key: &str| scenario.text(&format!("/fleet/{key}"));
    let checks = [
        (
            !fleet("cluster").is_empty(),
            "fleet.cluster is missing".to_owned(),
        ),
        (
            fleet("chartVersion").split('.').count() == 3,
            format!("fleet.chartVersion {:?}", fleet("chartVersion")),
        ),
        (
            ["canary", "normal"].contains(&fleet("wave")),
            format!("fleet.wave {:?}", fleet("wave")),
        ),
        (
            own.split('-').next() == Some(scenario.code()),
            format!("its folder is {own}"),
        ),
        (
            parent == above || (parent.is_empty() && above == "centres"),
            format!("parent {parent:?} in folder {above:?}"),
        ),
        (lines <= 15, format!("{lines} lines")),
        (
            scenario.secret_name() == format!("centre-{}", scenario.code()),
            format!("Secret {}", scenario.secret_name()),
        ),
    ];
    Ok(checks
        .into_iter()
        .filter(|(good, _)| !good)
        .map(|(_, what)| what)
        .collect())
}

/// The node above is a centre of the fleet that can be reached from outside its cluster, at the port of the address.
fn link(release: &Release, releases: &BTreeMap<String, Release>) -> Option<String> {
    let url = release.scenario.text("/parent/url");
    let parent = release.scenario.text("/parent/code");
    let port: i32 = url.rsplit(':').next()?.parse().ok()?;
    let Some(above) = releases.get(parent) else {
        return Some(format!("no centre {parent}"));
    };
    if !url.contains(&format!(".{parent}.")) {
        return Some(format!("{url} does not look like an address of {parent}"));
    }
    let takes = above
        .all::<Service>()
        .into_iter()
        .filter_map(|service| service.spec)
        .any(|spec| {
            let outside = spec
                .type_
                .as_deref()
                .is_some_and(|kind| kind != "ClusterIP");
            outside && spec.ports.iter().flatten().any(|there| there.port == port)
        });
    (!takes).then(|| format!("{parent} takes no links at {port}"))
}

/// What Argo CD, Flux and kubectl are given can be read.
#[test]
fn every_file_is_yaml() -> Result<()> {
    let mut files = Vec::new();
    find(&root().join("k8s"), &mut files)?;
    anyhow::ensure!(files.len() > 20, "{} files", files.len());
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        let read: Result<Vec<serde_json::Value>, _> = serde_saphyr::from_multiple(&text);
        read.with_context(|| file.display().to_string())?;
    }
    Ok(())
}

fn find(folder: &Path, files: &mut Vec<std::path::PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            files.push(path);
        }
    }
    Ok(())
}
