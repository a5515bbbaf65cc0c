//! The shell tools of operations: `bin/centre` and `flux/generate`. Helm renders for real; the cluster is played: what it holds
//! comes from files, what it is told goes into one.

use std::{
    collections::BTreeSet,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use anyhow::{Context as _, Result, ensure};
use charts_tests::{Release, Scenario, helm::root, invariants::keys_read, scenario::centres};
use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

/// kubectl: a namespace, a Secret with the keys in `keys`; it takes what is applied.
const KUBECTL: &str = r#"#!/usr/bin/env bash
here=$(dirname "$0")
case "$*" in
  *"get namespace"*) ;;
  *"get secret"*) cat "$here/keys" ;;
  *"apply"*) cat >/dev/null ;;
  *) echo "kubectl $*" >>"$here/told" ;;
esac
"#;

/// Helm: renders with the real one, knows the revisions in `history`.
const HELM: &str = r#"#!/usr/bin/env bash
here=$(dirname "$0")
case " $* " in
  *" template "* | *" lint "*) exec "$REAL_HELM" "$@" ;;
  *" history "*) cat "$here/history" ;;
  *" version "*) echo v4.0.0 ;;
  *) echo "helm $*" >>"$here/told" ;;
esac
"#;

struct Cluster(TempDir);

impl Cluster {
    fn new(keys: &BTreeSet<String>, history: &[(u32, &str)]) -> Result<Self> {
        let cluster = Self(
            tempfile::Builder::new()
                .prefix("fengqiao-tools-")
                .tempdir()?,
        );
        for (name, script) in [("kubectl", KUBECTL), ("helm", HELM)] {
            let file = cluster.file(name);
            std::fs::write(&file, script)?;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755))?;
        }
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        std::fs::write(cluster.file("keys"), keys.join("\n") + "\n")?;
        let revision = |(number, status): &(u32, &str)| {
            format!("- app_version: 0.1.0\n  revision: {number}\n  status: {status}\n")
        };
        let history: String = history.iter().map(revision).collect();
        std::fs::write(cluster.file("history"), history)?;
        Ok(cluster)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn told(&self) -> String {
        std::fs::read_to_string(self.file("told")).unwrap_or_default()
    }

    fn run(&self, command: &str, centre: &Path) -> Result<Output> {
        let real = std::env::var_os("FENGQIAO_HELM")
            .map_or_else(|| root().join(".tools/helm/helm"), PathBuf::from);
        let path = std::env::var("PATH")?;
        let mut centre_tool = Command::new(root().join("k8s/bin/centre"));
        centre_tool
            .args([command])
            .arg(centre)
            .env("PATH", format!("{}:{path}", self.0.path().display()))
            .env("REAL_HELM", real)
            .env("HOME", self.0.path());
        centre_tool.output().context("bin/centre")
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn one() -> Result<(Scenario, PathBuf)> {
    let all = centres()?;
    let linked = all
        .into_iter()
        .find(|centre| centre.parent_host().is_some())
        .context("a centre with a node above")?;
    let file = root().join(&linked.name);
    Ok((linked, file))
}

#[test]
fn check_compares_the_secret_with_what_the_pods_read() -> Result<()> {
    let (scenario, file) = one()?;
    let read = keys_read(&Release::render(&scenario)?);
    ensure!(read.len() > 20, "{read:?}");
    let output = Cluster::new(&read, &[])?.run("check", &file)?;
    ensure!(output.status.success(), "{}", said(&output));
    for key in ["link.conf", "database-owner-url", "nats-triage.creds"] {
        let mut fewer = read.clone();
        ensure!(fewer.remove(key), "nobody reads {key}");
        let output = Cluster::new(&fewer, &[])?.run("check", &file)?;
        let lacks = format!("lacks: {key} \n");
        ensure!(
            said(&output).contains(&lacks) && !output.status.success(),
            "{key}: {}",
            said(&output)
        );
    }
    Ok(())
}

#[rstest]
#[case::after_a_failure(&[(1, "superseded"), (2, "deployed"), (3, "failed")], Some("2"))]
#[case::not_to_a_failed_one(&[(1, "superseded"), (2, "failed"), (3, "deployed")], Some("1"))]
#[case::after_one_that_was_killed(&[(4, "superseded"), (5, "pending-upgrade")], Some("4"))]
#[case::from_nothing_good(&[(1, "failed"), (2, "failed")], None)]
#[case::not_installed(&[], None)]
fn rollback_goes_to_the_last_good_revision(
    #[case] history: &[(u32, &str)],
    #[case] to: Option<&str>,
) -> Result<()> {
    let (scenario, file) = one()?;
    let cluster = Cluster::new(&BTreeSet::new(), history)?;
    let output = cluster.run("rollback", &file)?;
    assert_eq!(output.status.success(), to.is_some(), "{}", said(&output));
    let wanted = to.map(|revision| format!("rollback {} {revision} ", scenario.release));
    match wanted {
        Some(wanted) => ensure!(cluster.told().contains(&wanted), "{}", cluster.told()),
        None => ensure!(cluster.told().is_empty(), "{}", cluster.told()),
    }
    Ok(())
}

#[test]
fn nothing_is_upgraded_while_another_helm_is_at_work() -> Result<()> {
    let (_, file) = one()?;
    let cluster = Cluster::new(&BTreeSet::new(), &[(1, "pending-install")])?;
    let output = cluster.run("up", &file)?;
    ensure!(!output.status.success(), "it went on");
    ensure!(
        said(&output).contains("another helm is at work"),
        "{}",
        said(&output)
    );
    ensure!(cluster.told().is_empty(), "{}", cluster.told());
    Ok(())
}

/// Flux gets the same three files, unchanged, for every centre below a folder.
#[test]
fn flux_is_given_the_same_values() -> Result<()> {
    let centres = centres()?;
    let output = Command::new(root().join("k8s/flux/generate"))
        .arg(root().join("k8s/centres"))
        .output()?;
    ensure!(output.status.success(), "{}", said(&output));
    let documents: Vec<Value> =
        serde_saphyr::from_multiple(&String::from_utf8_lossy(&output.stdout))?;
    let of = |kind: &str| {
        let found = documents.iter().filter(|one| one["kind"] == kind);
        found.cloned().collect::<Vec<_>>()
    };
    assert_eq!(of("HelmRelease").len(), centres.len());
    assert_eq!(of("Namespace").len(), centres.len());
    for centre in &centres {
        let values = of("ConfigMap");
        let values = values
            .iter()
            .find(|one| one["metadata"]["namespace"] == centre.release.as_str());
        let data = &values.context(centre.name.clone())?["data"];
        let texts = [
            ("centre.yaml", centre.name.as_str()),
            ("images.yaml", "k8s/images.yaml"),
            ("fleet.yaml", "k8s/fleet.yaml"),
        ];
        for (key, file) in texts {
            let there: Value = serde_saphyr::from_str(data[key].as_str().context(key)?)?;
            let here: Value = serde_saphyr::from_str(&std::fs::read_to_string(root().join(file))?)?;
            assert_eq!(there, here, "{}: {key}", centre.name);
        }
    }
    Ok(())
}
