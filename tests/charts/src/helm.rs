//! Runs Helm: the pinned one that `tools/setup.sh charts` installs, without network and without anybody's settings.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use anyhow::{Context as _, Result, ensure};

/// Which Helm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// The current one.
    Four,
    /// The one before, which many clusters still use.
    Three,
}

/// What `helm template` is given.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// Name of the release; empty when an argument says it.
    pub release: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// Values, as YAML.
    pub values: &'a str,
    /// What the cluster has beside Kubernetes itself: `monitoring.coreos.com/v1/ServiceMonitor`.
    pub api_versions: &'a [&'a str],
    /// More arguments: `--set-string`, …
    pub arguments: &'a [&'a str],
}

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The chart.
#[must_use]
pub fn chart() -> PathBuf {
    root().join("charts/centre")
}

/// What the templates render to; the inner error is what Helm says when it refuses.
///
/// # Errors
/// Helm is not installed or cannot be run.
pub fn template(version: Version, input: &Input<'_>) -> Result<Result<String, String>> {
    let home = tempfile::Builder::new()
        .prefix("fengqiao-helm-")
        .tempdir()?;
    let values = home.path().join("values.yaml");
    std::fs::write(&values, input.values)?;
    let mut command = command(version, home.path())?;
    command
        .arg("template")
        .args(Some(input.release).filter(|name| !name.is_empty()))
        .arg(chart())
        .args(["--namespace", input.namespace, "--values"])
        .arg(&values);
    for api in input.api_versions {
        command.args(["--api-versions", api]);
    }
    let output = command.args(input.arguments).output().context("run helm")?;
    Ok(answer(&output))
}

/// `helm lint --strict` with these values; the inner error is what it says.
///
/// # Errors
/// As [`template`].
pub fn lint(version: Version, values: &str) -> Result<Result<String, String>> {
    let home = tempfile::Builder::new()
        .prefix("fengqiao-helm-")
        .tempdir()?;
    let file = home.path().join("values.yaml");
    std::fs::write(&file, values)?;
    let mut command = command(version, home.path())?;
    let output = command
        .args(["lint", "--strict", "--values"])
        .arg(&file)
        .arg(chart())
        .output()
        .context("run helm")?;
    Ok(answer(&output))
}

fn answer(output: &Output) -> Result<String, String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr) + &text(&output.stdout))
    }
}

fn command(version: Version, home: &Path) -> Result<Command> {
    let (variable, folder) = match version {
        Version::Four => ("FENGQIAO_HELM", "helm"),
        Version::Three => ("FENGQIAO_HELM3", "helm3"),
    };
    let helm = std::env::var_os(variable)
        .filter(|helm| !helm.is_empty())
        .map_or_else(
            || root().join(".tools").join(folder).join("helm"),
            PathBuf::from,
        );
    ensure!(
        helm.is_file(),
        "{} not found: run `tools/setup.sh charts`, or name one with {variable}",
        helm.display()
    );
    let mut command = Command::new(helm);
    command.env_clear().current_dir(home);
    for name in [
        "HELM_CACHE_HOME",
        "HELM_CONFIG_HOME",
        "HELM_DATA_HOME",
        "HOME",
    ] {
        command.env(name, home);
    }
    Ok(command)
}
