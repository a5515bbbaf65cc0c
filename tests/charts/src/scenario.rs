//! What is rendered.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::helm::{chart, root};

/// The level of a centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// 省.
    Province,
    /// 市.
    City,
    /// 县.
    County,
    /// 乡镇、街道.
    Township,
}

/// Where the database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Postgres {
    /// A stateful set of the chart.
    Internal,
    /// A cluster of the CloudNativePG operator.
    Cnpg,
    /// Somewhere else.
    External,
}

/// A release as it would be installed.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// For messages and files.
    pub name: String,
    /// Name of the release.
    pub release: String,
    /// Its namespace.
    pub namespace: String,
    /// All values.
    pub values: Value,
    /// What the cluster has beside Kubernetes itself.
    pub api_versions: &'static [&'static str],
}

/// What a cluster with Prometheus, KEDA and CloudNativePG has.
const OPERATORS: [&str; 4] = [
    "monitoring.coreos.com/v1/ServiceMonitor",
    "monitoring.coreos.com/v1/PrometheusRule",
    "keda.sh/v1alpha1/ScaledObject",
    "postgresql.cnpg.io/v1/Cluster",
];

impl Scenario {
    /// A level with a database, with or without a node above: the values of `charts/centre/ci`, one file over the other.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn of(level: Level, postgres: Postgres, linked: bool) -> Result<Self> {
        let level = match level {
            Level::Province => "province",
            Level::City => "city",
            Level::County => "county",
            Level::Township => "township",
        };
        let (mode, api_versions): (_, &[&str]) = match postgres {
            Postgres::Internal => ("internal", &[]),
            Postgres::Cnpg => ("cnpg", &["postgresql.cnpg.io/v1/Cluster"]),
            Postgres::External => ("external", &[]),
        };
        let link = if linked { "parent" } else { "root" };
        let files = [
            "common",
            &format!("{level}-{link}"),
            &format!("postgres-{mode}"),
        ]
        .map(|file| chart().join(format!("ci/{file}.yaml")));
        Self::new(format!("{level}-{mode}-{link}"), &files, api_versions)
    }

    /// A county below a city with every option on, in a cluster that has every operator.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn full(postgres: Postgres) -> Result<Self> {
        let mut scenario = Self::of(Level::County, postgres, true)?;
        merge(&mut scenario.values, &read(&chart().join("ci/full.yaml"))?);
        scenario.name.push_str("-full");
        scenario.api_versions = &OPERATORS;
        Ok(scenario)
    }

    fn new(name: String, files: &[PathBuf], api_versions: &'static [&'static str]) -> Result<Self> {
        let mut values = json!({});
        for file in files {
            merge(&mut values, &read(file)?);
        }
        let code = values.pointer("/centre/code").and_then(Value::as_str);
        let release = format!("centre-{}", code.context("no centre.code")?);
        Ok(Self {
            name,
            namespace: release.clone(),
            release,
            values,
            api_versions,
        })
    }

    /// With more values, which go over those there are.
    #[must_use]
    pub fn with(mut self, more: &Value) -> Self {
        merge(&mut self.values, more);
        self
    }

    /// The centre's region code.
    #[must_use]
    pub fn code(&self) -> &str {
        self.text("/centre/code")
    }

    /// The Secret of the centre.
    #[must_use]
    pub fn secret_name(&self) -> &str {
        self.text("/secretName")
    }

    /// Host of the node above.
    #[must_use]
    pub fn parent_host(&self) -> Option<String> {
        let (_, address) = self.text("/parent/url").split_once("://")?;
        address.split([':', '/']).next().map(str::to_owned)
    }

    /// A text in the values, empty when there is none.
    #[must_use]
    pub fn text(&self, pointer: &str) -> &str {
        let value = self.values.pointer(pointer);
        value.and_then(Value::as_str).unwrap_or_default()
    }
}

/// Puts what `more` has over what `values` has, map by map.
pub fn merge(values: &mut Value, more: &Value) {
    match (values, more) {
        (Value::Object(values), Value::Object(more)) => {
            for (key, value) in more {
                merge(values.entry(key).or_insert(Value::Null), value);
            }
        }
        (values, more) => more.clone_into(values),
    }
}

/// Every `centre.yaml` under `k8s/centres`, over what the whole fleet shares, as the fleet's tools install it.
///
/// # Errors
/// One cannot be read, or there is none.
pub fn centres() -> Result<Vec<Scenario>> {
    let folder = root().join("k8s/centres");
    let mut files = Vec::new();
    find(&folder, &mut files).with_context(|| folder.display().to_string())?;
    ensure!(
        !files.is_empty(),
        "no centre.yaml under {}",
        folder.display()
    );
    files.sort();
    let shared = ["k8s/images.yaml", "k8s/fleet.yaml"].map(|file| root().join(file));
    let centre = |file: PathBuf| {
        let name = file.strip_prefix(root())?.display().to_string();
        Scenario::new(name, &[shared.to_vec(), vec![file]].concat(), &OPERATORS)
    };
    files.into_iter().map(centre).collect()
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.file_name().is_some_and(|name| name == "centre.yaml") {
            files.push(path);
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    serde_saphyr::from_str(&text).with_context(|| file.display().to_string())
}
