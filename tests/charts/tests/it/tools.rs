//! `bin/centre`, the shell tool of operations. Helm renders for real; the cluster is played: what it holds
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
use tempfile::TempDir;

/// kubectl: a namespace, a Secret with the keys in `keys`, Jobs whose conditions are in `job` and whose pods have the phase in
/// `phase`; it takes what is applied.
const KUBECTL: &str = r#"#!/usr/bin/env bash
here=$(dirname "$0")
case "$*" in
  *"get namespace"*) ;;
  *"get secret"*) cat "$here/keys" ;;
  *"apply"*) cat >/dev/null ;;
  *"patch --local"* | *"create --filename -"*) cat >/dev/null ;;
  *"get job"*) cat "$here/job" 2>/dev/null || true ;;
  *"get pods"*"phase"*) cat "$here/phase" 2>/dev/null || true ;;
  *"describe pods"*) printf 'Name: one\nEvents:\n  Failed to pull image\n' ;;
  *) echo "kubectl $*" >>"$here/told" ;;
esac
"#;

/// Helm: renders with the real one, knows the revisions in `history`; the manifest of one is in `manifest-<revision>`, else its
/// number, and nobody can read it when that file is empty. Without revisions it says what Helm says of a release that is not there,
/// or what is in `trouble`.
const HELM: &str = r#"#!/usr/bin/env bash
here=$(dirname "$0")
case " $* " in
  *" template "* | *" lint "*) exec "$REAL_HELM" "$@" ;;
  *" history "* | *" get "*)
    [ ! -s "$here/trouble" ] || { cat "$here/trouble" >&2; exit 1; }
    [ -s "$here/history" ] || { echo "Error: release: not found" >&2; exit 1; }
    case " $* " in
      *" manifest "*" --revision "*)
        manifest=$here/manifest-${*: -1}
        [ -e "$manifest" ] || { echo "${*: -1}"; exit; }
        [ -s "$manifest" ] || { echo "Error: Kubernetes cluster unreachable" >&2; exit 1; }
        cat "$manifest" ;;
      *) cat "$here/history" ;;
    esac ;;
  *" version "*) cat "$here/version" ;;
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
        std::fs::write(cluster.file("version"), "v4.0.0")?;
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

    /// What the cluster, or Helm, says: see [`KUBECTL`] and [`HELM`].
    fn says(&self, name: &str, text: &str) -> Result<()> {
        Ok(std::fs::write(self.file(name), text)?)
    }

    fn run(&self, command: &str, centre: &Path) -> Result<Output> {
        self.run_with(command, centre, &[], &[])
    }

    fn run_with(
        &self,
        command: &str,
        centre: &Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Result<Output> {
        let real = std::env::var_os("FENGQIAO_HELM")
            .map_or_else(|| root().join(".tools/helm/helm"), PathBuf::from);
        let path = std::env::var("PATH")?;
        let mut centre_tool = Command::new(root().join("k8s/bin/centre"));
        centre_tool
            .args([command])
            .arg(centre)
            .args(arguments)
            .envs(variables.iter().copied())
            .env("PATH", format!("{}:{path}", self.0.path().display()))
            .env("REAL_HELM", real)
            .env("PATIENCE", "0")
            .env_remove("KUBE_CONTEXT")
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

/// The same release was put there twice; the newest revision is itself a rollback; there is nothing else.
#[rstest]
#[case::put_there_twice(&[1, 2, 3], &[("2", "bad"), ("3", "bad")], Some("1"))]
#[case::taken_back_before(&[1, 2, 3, 4], &[("1", "old"), ("2", "good"), ("4", "good")], Some("3"))]
#[case::always_the_same(&[1, 2], &[("1", "same"), ("2", "same")], None)]
#[case::nobody_can_say_what_runs(&[1, 2], &[("2", "")], None)]
#[case::nobody_can_say_what_ran(&[1, 2], &[("1", "")], None)]
fn rollback_changes_something(
    #[case] revisions: &[u32],
    #[case] manifests: &[(&str, &str)],
    #[case] to: Option<&str>,
) -> Result<()> {
    let (scenario, file) = one()?;
    let newest = revisions.last().context("a revision")?;
    let status = |number: &u32| {
        let status = if number == newest {
            "deployed"
        } else {
            "superseded"
        };
        (*number, status)
    };
    let history: Vec<(u32, &str)> = revisions.iter().map(status).collect();
    let cluster = Cluster::new(&BTreeSet::new(), &history)?;
    for (revision, manifest) in manifests {
        cluster.says(&format!("manifest-{revision}"), manifest)?;
    }
    let output = cluster.run("rollback", &file)?;
    assert_eq!(output.status.success(), to.is_some(), "{}", said(&output));
    if let Some(to) = to {
        let wanted = format!("rollback {} {to} ", scenario.release);
        ensure!(cluster.told().contains(&wanted), "{}", cluster.told());
    } else {
        ensure!(cluster.told().is_empty(), "{}", cluster.told());
    }
    Ok(())
}

#[test]
fn rollback_takes_a_good_revision_by_its_number_and_fields_when_it_must() -> Result<()> {
    let (scenario, file) = one()?;
    let history = [
        (1, "superseded"),
        (2, "failed"),
        (3, "superseded"),
        (4, "deployed"),
    ];
    let cluster = Cluster::new(&BTreeSet::new(), &history)?;
    let refused = cluster.run_with("rollback", &file, &["2"], &[])?;
    ensure!(
        !refused.status.success() && said(&refused).contains("no good revision 2"),
        "{}",
        said(&refused)
    );
    ensure!(cluster.told().is_empty(), "{}", cluster.told());
    let taken = cluster.run_with("rollback", &file, &["1"], &[("FORCE", "1")])?;
    ensure!(taken.status.success(), "{}", said(&taken));
    let told = cluster.told();
    ensure!(
        told.contains(&format!("rollback {} 1 ", scenario.release))
            && told.contains("--server-side=true --force-conflicts"),
        "{told}"
    );
    Ok(())
}

/// What is told to do depends on whether there is a revision to go back to.
#[rstest]
#[case::upgrade(&[(1, "deployed"), (2, "pending-upgrade")], "bin/centre rollback")]
#[case::first(&[(1, "pending-install")], "helm uninstall")]
fn nothing_is_upgraded_while_another_helm_is_at_work(
    #[case] history: &[(u32, &str)],
    #[case] way: &str,
) -> Result<()> {
    let (_, file) = one()?;
    let cluster = Cluster::new(&BTreeSet::new(), history)?;
    let output = cluster.run("up", &file)?;
    ensure!(!output.status.success(), "it went on");
    for text in ["another helm is at work", way] {
        ensure!(said(&output).contains(text), "{}", said(&output));
    }
    ensure!(cluster.told().is_empty(), "{}", cluster.told());
    Ok(())
}

/// The first has nothing that a failure could be taken back to; nor has one whose predecessors all failed.
#[rstest]
#[case::first(&[], false)]
#[case::after_a_first_that_failed(&[(1, "failed")], false)]
#[case::next(&[(1, "deployed")], true)]
fn up_installs_and_upgrades(
    #[case] history: &[(u32, &str)],
    #[case] taken_back: bool,
) -> Result<()> {
    let (scenario, file) = one()?;
    let cluster = Cluster::new(&keys_read(&Release::render(&scenario)?), history)?;
    let output = cluster.run("up", &file)?;
    ensure!(output.status.success(), "{}", said(&output));
    let told = cluster.told();
    ensure!(
        told.contains(&format!("upgrade --install {}", scenario.release)),
        "{told}"
    );
    assert_eq!(told.contains("--rollback-on-failure"), taken_back, "{told}");
    ensure!(!told.contains("delete"), "{told}");
    Ok(())
}

#[test]
fn a_migration_that_failed_for_good_runs_again() -> Result<()> {
    let (scenario, file) = one()?;
    let cluster = Cluster::new(
        &keys_read(&Release::render(&scenario)?),
        &[(1, "deployed"), (2, "failed")],
    )?;
    cluster.says("job", "True")?;
    let output = cluster.run("up", &file)?;
    ensure!(output.status.success(), "{}", said(&output));
    let told = cluster.told();
    let removed = told.find(&format!("delete job {}-migrate-", scenario.release));
    ensure!(
        removed.is_some() && removed < told.find("upgrade"),
        "{told}"
    );
    Ok(())
}

/// Helm's other errors are not taken for "not installed".
#[rstest]
#[case("up")]
#[case("rollback")]
#[case("diff")]
fn a_cluster_that_does_not_answer_is_named(#[case] command: &str) -> Result<()> {
    let (_, file) = one()?;
    let cluster = Cluster::new(&BTreeSet::new(), &[])?;
    cluster.says("trouble", "Error: Kubernetes cluster unreachable")?;
    let output = cluster.run(command, &file)?;
    ensure!(!output.status.success(), "it went on");
    ensure!(
        said(&output).contains("Kubernetes cluster unreachable"),
        "{}",
        said(&output)
    );
    ensure!(cluster.told().is_empty(), "{}", cluster.told());
    Ok(())
}

#[test]
fn a_centre_that_is_not_installed_differs_in_all() -> Result<()> {
    let (_, file) = one()?;
    let output = Cluster::new(&BTreeSet::new(), &[])?.run("diff", &file)?;
    let shown = String::from_utf8_lossy(&output.stdout);
    ensure!(shown.contains("+kind: StatefulSet"), "{}", said(&output));
    Ok(())
}

#[test]
fn a_pod_that_does_not_start_is_not_waited_for() -> Result<()> {
    let (_, file) = one()?;
    let cluster = Cluster::new(&BTreeSet::new(), &[(1, "deployed")])?;
    cluster.says("phase", "Pending")?;
    let output = cluster.run("doctor", &file)?;
    ensure!(!output.status.success(), "it went on");
    for text in ["Failed to pull image", "its pod does not start"] {
        ensure!(said(&output).contains(text), "{}", said(&output));
    }
    cluster.says("job", "Complete")?;
    let output = cluster.run("doctor", &file)?;
    ensure!(output.status.success(), "{}", said(&output));
    Ok(())
}

/// Without a name for it the current cluster would be taken, whichever that is.
#[test]
fn a_file_that_names_no_cluster_is_refused() -> Result<()> {
    let (_, file) = one()?;
    let cluster = Cluster::new(&BTreeSet::new(), &[(1, "superseded"), (2, "deployed")])?;
    let text = std::fs::read_to_string(file)?;
    let copy = cluster.file("centre.yaml");
    let lines = text.lines().filter(|line| !line.starts_with("fleet:"));
    std::fs::write(&copy, lines.collect::<Vec<_>>().join("\n"))?;
    let output = cluster.run("rollback", &copy)?;
    ensure!(
        said(&output).contains("fleet.cluster is missing") && !output.status.success(),
        "{}",
        said(&output)
    );
    ensure!(cluster.told().is_empty(), "{}", cluster.told());
    Ok(())
}

/// A release that Helm 3 wrote last is applied by the client, which knows no conflicts to force: Helm 4 must be told.
#[rstest]
#[case::three("v3.17.0", "--atomic", "--rollback-on-failure", false)]
#[case::four("v4.1.4", "--rollback-on-failure", "--atomic", true)]
fn each_helm_is_told_what_it_knows(
    #[case] version: &str,
    #[case] undo: &str,
    #[case] unknown: &str,
    #[case] forces: bool,
) -> Result<()> {
    let (scenario, file) = one()?;
    let keys = keys_read(&Release::render(&scenario)?);
    let cluster = Cluster::new(&keys, &[(1, "superseded"), (2, "deployed")])?;
    cluster.says("version", version)?;
    for command in ["up", "rollback"] {
        let done = cluster.run_with(command, &file, &[], &[("FORCE", "1")])?;
        ensure!(done.status.success(), "{}", said(&done));
    }
    let told = cluster.told();
    ensure!(told.contains(undo) && !told.contains(unknown), "{told}");
    let forced = told.matches("--server-side=true --force-conflicts").count();
    assert_eq!(forced, if forces { 2 } else { 0 }, "{told}");
    Ok(())
}
