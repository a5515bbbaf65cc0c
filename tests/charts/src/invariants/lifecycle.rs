//! How pods start, stop and are replaced.

use k8s_openapi::api::{
    apps::v1::{Deployment, StatefulSet},
    batch::v1::{CronJob, Job},
    core::v1::{Container, PersistentVolumeClaim, PodTemplateSpec, Probe, ResourceRequirements},
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::Release;

/// What serves has three probes of different meaning and stops in order; everything says what it needs.
pub(super) fn probes(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    for workload in release.workloads() {
        let title = workload.title();
        if workload.is_lasting() {
            let grace = workload
                .spec
                .termination_grace_period_seconds
                .unwrap_or_default();
            for container in &workload.spec.containers {
                findings.extend(
                    lasting(container, grace)
                        .into_iter()
                        .map(|what| format!("{title}: {}: {what}", container.name)),
                );
            }
        }
        for container in workload.containers() {
            let wrong = resources(container.resources.as_ref());
            findings.extend(
                wrong
                    .into_iter()
                    .map(|what| format!("{title}: {}: {what}", container.name)),
            );
        }
    }
    findings
}

fn lasting(container: &Container, grace: i64) -> Vec<String> {
    let mut faults = Vec::new();
    let probes = [
        ("startupProbe", &container.startup_probe),
        ("livenessProbe", &container.liveness_probe),
        ("readinessProbe", &container.readiness_probe),
    ];
    faults.extend(
        probes
            .iter()
            .filter(|(_, probe)| probe.is_none())
            .map(|(name, _)| format!("no {name}")),
    );
    let path = |probe: &Option<Probe>| probe.as_ref()?.http_get.as_ref()?.path.clone();
    if let (Some(live), Some(ready)) = (
        path(&container.liveness_probe),
        path(&container.readiness_probe),
    ) {
        if live == ready {
            faults.push(format!("liveness and readiness ask the same: {live}"));
        }
        if ready.starts_with("/readyz") && live != "/livez" {
            faults.push(format!("liveness asks {live}"));
        }
    }
    let Some(stop) = container
        .lifecycle
        .as_ref()
        .and_then(|lifecycle| lifecycle.pre_stop.as_ref())
    else {
        faults.push("no preStop".to_owned());
        return faults;
    };
    let shell = stop
        .exec
        .as_ref()
        .and_then(|exec| exec.command.as_ref()?.first().cloned());
    // PostgreSQL's image has one, ours has none.
    if shell.is_some_and(|program| program.ends_with("sh")) && container.name != "postgres" {
        faults.push("preStop needs a shell".to_owned());
    }
    let pause = stop.sleep.as_ref().map_or(0, |sleep| sleep.seconds);
    if grace < pause + 30 {
        faults.push(format!("{grace} s to stop, of which preStop takes {pause}"));
    }
    faults
}

fn resources(resources: Option<&ResourceRequirements>) -> Vec<String> {
    let resources = resources.cloned().unwrap_or_default();
    let (requests, limits) = (
        resources.requests.unwrap_or_default(),
        resources.limits.unwrap_or_default(),
    );
    let faults = [
        (!requests.contains_key("cpu"), "no cpu is requested"),
        (!requests.contains_key("memory"), "no memory is requested"),
        (!limits.contains_key("memory"), "memory has no limit"),
        (limits.contains_key("cpu"), "cpu has a limit"),
    ];
    faults
        .into_iter()
        .filter(|(fault, _)| *fault)
        .map(|(_, what)| what.to_owned())
        .collect()
}

/// Whether pods of this template have a volume that one host at a time can mount: the next pod must wait for the one before.
fn has_lone_volume(release: &Release, template: &PodTemplateSpec) -> bool {
    let spec = template.spec.iter();
    let claimed = spec
        .flat_map(|pod| pod.volumes.iter().flatten())
        .filter_map(|volume| Some(&volume.persistent_volume_claim.as_ref()?.claim_name));
    let claims = release.all::<PersistentVolumeClaim>();
    let lone: Vec<_> = claims
        .iter()
        .filter(|claim| {
            let modes = claim.spec.iter().flat_map(|spec| spec.access_modes.iter());
            modes.flatten().any(|mode| mode == "ReadWriteOnce")
        })
        .filter_map(|claim| claim.metadata.name.as_ref())
        .collect();
    claimed.into_iter().any(|claim| lone.contains(&claim))
}

/// A new pod is ready before an old one goes; a stateful set's volumes outlive it; jobs end.
pub(super) fn rollouts(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    let jobs = release.all::<Job>().into_iter();
    let migration = jobs
        .filter(|job| {
            let name = job.metadata.name.as_deref();
            name.is_some_and(|name| name.contains("-migrate-"))
        })
        .filter_map(|job| job.spec?.active_deadline_seconds)
        .max()
        .unwrap_or(0);
    for deployment in release.all::<Deployment>() {
        let name = deployment.metadata.name.unwrap_or_default();
        let spec = deployment.spec.unwrap_or_default();
        let strategy = spec.strategy.unwrap_or_default();
        let waits = strategy.type_.as_deref() == Some("Recreate")
            && has_lone_volume(release, &spec.template);
        let rolling = strategy.rolling_update.unwrap_or_default();
        if !waits && rolling.max_unavailable != Some(IntOrString::Int(0)) {
            findings.push(format!("Deployment/{name}: maxUnavailable is not 0"));
        }
        if spec.revision_history_limit.is_none_or(|limit| limit == 0) {
            findings.push(format!(
                "Deployment/{name}: revisionHistoryLimit is not set, or 0"
            ));
        }
        let patience = i64::from(spec.progress_deadline_seconds.unwrap_or(600));
        if patience <= migration {
            findings.push(format!(
                "Deployment/{name}: given up after {patience} s, while a migration may take {migration} s"
            ));
        }
    }
    for set in release.all::<StatefulSet>() {
        let name = set.metadata.name.unwrap_or_default();
        let spec = set.spec.unwrap_or_default();
        let kept = spec
            .persistent_volume_claim_retention_policy
            .unwrap_or_default();
        let retain = Some("Retain".to_owned());
        if kept.when_deleted != retain || kept.when_scaled != retain {
            findings.push(format!("StatefulSet/{name}: its volumes are not retained"));
        }
    }
    for job in release.all::<Job>() {
        let (name, spec) = (
            job.metadata.name.unwrap_or_default(),
            job.spec.unwrap_or_default(),
        );
        if spec.backoff_limit.is_none() || spec.active_deadline_seconds.is_none() {
            findings.push(format!("Job/{name}: tries and time are not limited"));
        }
    }
    for job in release.all::<CronJob>() {
        let (name, spec) = (
            job.metadata.name.unwrap_or_default(),
            job.spec.unwrap_or_default(),
        );
        if spec.concurrency_policy.as_deref() != Some("Forbid") {
            findings.push(format!("CronJob/{name}: may run twice at once"));
        }
        if spec
            .job_template
            .spec
            .unwrap_or_default()
            .active_deadline_seconds
            .is_none()
        {
            findings.push(format!("CronJob/{name}: its time is not limited"));
        }
    }
    findings
}
