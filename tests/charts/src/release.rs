//! What a render consists of.

use std::sync::OnceLock;

use anyhow::{Context as _, Result, anyhow, ensure};
use k8s_openapi::Resource;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    Scenario, Workload,
    helm::{self, Version},
    invariants,
};

/// One rendered object.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// All of it.
    pub value: Value,
}

impl Object {
    /// A text at a JSON pointer, empty when there is none.
    #[must_use]
    pub fn text(&self, pointer: &str) -> &str {
        self.value
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// `Deployment`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.text("/kind")
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text("/metadata/name")
    }

    /// `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> &str {
        self.text("/apiVersion")
    }

    /// `Deployment/centre-330109-intake`, for messages.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}/{}", self.kind(), self.name())
    }

    /// An annotation, empty when there is none.
    #[must_use]
    pub fn annotation(&self, name: &str) -> &str {
        let annotations = self.value.pointer("/metadata/annotations");
        annotations
            .and_then(|all| all.get(name))
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Whether `helm test` runs it, instead of `helm install`.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.annotation("helm.sh/hook") == "test"
    }
}

/// A rendered scenario.
#[derive(Debug, Clone)]
pub struct Release {
    /// What was rendered.
    pub scenario: Scenario,
    /// As Helm printed it.
    pub text: String,
    /// The objects in it.
    pub objects: Vec<Object>,
    pub(crate) workloads: Memo,
}

/// What was read once. A clone forgets it: whoever clones a render wants to change it.
#[derive(Debug, Default)]
pub(crate) struct Memo(pub(crate) OnceLock<Vec<Workload>>);

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Release {
    /// Renders a scenario with the current Helm.
    ///
    /// # Errors
    /// Helm refuses, or prints what is no YAML; a key that stands twice is an error too.
    pub fn render(scenario: &Scenario) -> Result<Self> {
        let text = scenario.render(Version::Four)?;
        Ok(Self {
            scenario: scenario.clone(),
            objects: parse(&text).with_context(|| scenario.name.clone())?,
            text,
            workloads: Memo::default(),
        })
    }

    /// The objects of a kind, as Kubernetes reads them. One that it would not read is left out: the round trip reports it.
    #[must_use]
    pub fn all<T: Resource + DeserializeOwned>(&self) -> Vec<T> {
        let ours = self
            .of(T::KIND)
            .filter(|object| object.api_version() == T::API_VERSION);
        ours.filter_map(|object| serde_json::from_value(object.value.clone()).ok())
            .collect()
    }

    /// The objects of a kind.
    pub fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Object> {
        self.objects
            .iter()
            .filter(move |object| object.kind() == kind)
    }

    /// One object.
    #[must_use]
    pub fn object(&self, kind: &str, name: &str) -> Option<&Object> {
        self.objects
            .iter()
            .find(|object| object.kind() == kind && object.name() == name)
    }

    /// Everything in the `ConfigMap`s that the containers of a workload read.
    #[must_use]
    pub fn content_of(&self, workload: &Workload) -> String {
        let mut content = String::new();
        for container in workload.containers() {
            for used in invariants::uses(workload, container) {
                if used.kind == "ConfigMap" {
                    let key = used.key.map_or_else(String::new, |key| format!("/{key}"));
                    let map = self.object(used.kind, &used.name);
                    let data = map.and_then(|map| map.value.pointer(&format!("/data{key}")));
                    content.push_str(&data.map(Value::to_string).unwrap_or_default());
                }
            }
        }
        content
    }

    /// A text of a `ConfigMap`.
    #[must_use]
    pub fn config(&self, map: &str, key: &str) -> Option<&str> {
        self.object("ConfigMap", map)?
            .value
            .get("data")?
            .get(key)?
            .as_str()
    }
}

impl Scenario {
    /// What Helm prints for it.
    ///
    /// # Errors
    /// Helm cannot be run, or refuses.
    pub fn render(&self, version: Version) -> Result<String> {
        let values = self.values.to_string();
        let input = helm::Input {
            release: &self.release,
            namespace: &self.namespace,
            values: &values,
            api_versions: self.api_versions,
            arguments: &[],
        };
        helm::template(version, &input)?
            .map_err(|refusal| anyhow!("{}: Helm refuses: {refusal}", self.name))
    }
}

/// The objects in what Helm prints.
///
/// # Errors
/// It is no YAML, a key stands twice, or a document is no object.
pub fn parse(text: &str) -> Result<Vec<Object>> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text)?;
    let objects: Vec<Object> = documents
        .into_iter()
        .map(|value| Object { value })
        .collect();
    ensure!(!objects.is_empty(), "nothing is rendered");
    for object in &objects {
        ensure!(
            !object.kind().is_empty() && !object.name().is_empty(),
            "no object: {}",
            object.value
        );
    }
    Ok(objects)
}
