//! Whatever makes pods.

use std::collections::BTreeMap;

use k8s_openapi::api::{
    apps::v1::{Deployment, StatefulSet},
    batch::v1::{CronJob, Job},
    core::v1::{Container, PersistentVolumeClaim, Pod, PodSpec, PodTemplateSpec},
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use serde::de::DeserializeOwned;

use crate::{Object, Release};

/// Labels or annotations.
pub type Pairs = BTreeMap<String, String>;

/// The label that says which part of a centre a pod is.
pub const COMPONENT: &str = "app.kubernetes.io/component";

/// Something that makes pods, and the pods it makes.
#[derive(Debug, Clone)]
pub struct Workload {
    /// `Deployment`, `StatefulSet`, `Job`, `CronJob` or `Pod`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Labels and annotations of the pods.
    pub metadata: ObjectMeta,
    /// The pods.
    pub spec: PodSpec,
    /// How it finds its pods; a job finds its own by itself.
    pub selector: Option<LabelSelector>,
    /// How many pods are wanted, when it says so.
    pub replicas: Option<i32>,
    /// The volumes each pod gets for itself.
    pub claims: Vec<PersistentVolumeClaim>,
}

impl Workload {
    /// `Deployment/centre-330109-intake`, for messages.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}/{}", self.kind, self.name)
    }

    /// Labels of its pods.
    #[must_use]
    pub fn labels(&self) -> Pairs {
        self.metadata.labels.clone().unwrap_or_default()
    }

    /// Annotations of its pods.
    #[must_use]
    pub fn annotations(&self) -> Pairs {
        self.metadata.annotations.clone().unwrap_or_default()
    }

    /// Which part of a centre it is: `intake`, `nats`, …
    #[must_use]
    pub fn component(&self) -> &str {
        let labels = self.metadata.labels.as_ref();
        labels
            .and_then(|labels| labels.get(COMPONENT))
            .map(String::as_str)
            .unwrap_or_default()
    }

    /// Whether its pods are to run for ever.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        matches!(self.kind.as_str(), "Deployment" | "StatefulSet")
    }

    /// Containers and init containers.
    pub fn containers(&self) -> impl Iterator<Item = &Container> {
        self.spec
            .init_containers
            .iter()
            .flatten()
            .chain(&self.spec.containers)
    }
}

impl Release {
    /// Everything that makes pods.
    #[must_use]
    pub fn workloads(&self) -> &[Workload] {
        let read = || self.objects.iter().filter_map(Object::workload).collect();
        self.workloads.0.get_or_init(read)
    }
}

impl Object {
    fn workload(&self) -> Option<Workload> {
        let mut found = match self.kind() {
            "Deployment" => {
                let spec = self.read::<Deployment>()?.spec?;
                let replicas = spec.replicas;
                let selector = Some(spec.selector);
                Workload {
                    selector,
                    replicas,
                    ..from(spec.template)?
                }
            }
            "StatefulSet" => {
                let spec = self.read::<StatefulSet>()?.spec?;
                let (replicas, claims) = (spec.replicas, spec.volume_claim_templates);
                let selector = Some(spec.selector);
                Workload {
                    selector,
                    replicas,
                    claims: claims.unwrap_or_default(),
                    ..from(spec.template)?
                }
            }
            "Job" => from(self.read::<Job>()?.spec?.template)?,
            "CronJob" => from(self.read::<CronJob>()?.spec?.job_template.spec?.template)?,
            "Pod" => {
                let pod = self.read::<Pod>()?;
                from(PodTemplateSpec {
                    metadata: Some(pod.metadata),
                    spec: pod.spec,
                })?
            }
            _ => return None,
        };
        self.kind().clone_into(&mut found.kind);
        self.name().clone_into(&mut found.name);
        Some(found)
    }

    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_value(self.value.clone()).ok()
    }
}

fn from(template: PodTemplateSpec) -> Option<Workload> {
    Some(Workload {
        kind: String::new(),
        name: String::new(),
        metadata: template.metadata.unwrap_or_default(),
        spec: template.spec?,
        selector: None,
        replicas: None,
        claims: Vec::new(),
    })
}
