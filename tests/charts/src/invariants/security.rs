//! The Pod Security Standard "restricted", and what we ask beyond it.

use k8s_openapi::api::core::v1::{Container, PodSpec, SeccompProfile, Volume};

use crate::{Release, Workload};

/// <https://kubernetes.io/docs/concepts/security/pod-security-standards/>, the policies "baseline" and "restricted", on every pod
/// that is made for jobs and tests as well.
pub(super) fn restricted(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    for workload in release.workloads() {
        let pod = workload.spec.security_context.clone().unwrap_or_default();
        let mut wrong = |what: String| findings.push(format!("{}: {what}", workload.title()));
        for (shared, name) in [
            (workload.spec.host_network, "hostNetwork"),
            (workload.spec.host_pid, "hostPID"),
            (workload.spec.host_ipc, "hostIPC"),
        ] {
            if shared == Some(true) {
                wrong(format!("{name} is true"));
            }
        }
        for volume in workload
            .spec
            .volumes
            .iter()
            .flatten()
            .filter(|volume| !is_allowed(volume))
        {
            wrong(format!(
                "volume {} is of a kind that is not allowed",
                volume.name
            ));
        }
        if pod.sysctls.is_some_and(|sysctls| !sysctls.is_empty()) {
            wrong("sysctls are set".to_owned());
        }
        for container in workload.containers() {
            for what in container_faults(&workload.spec, container) {
                wrong(format!("container {}: {what}", container.name));
            }
        }
    }
    findings
}

fn is_allowed(volume: &Volume) -> bool {
    let kinds = [
        volume.config_map.is_some(),
        volume.csi.is_some(),
        volume.downward_api.is_some(),
        volume.empty_dir.is_some(),
        volume.ephemeral.is_some(),
        volume.persistent_volume_claim.is_some(),
        volume.projected.is_some(),
        volume.secret.is_some(),
    ];
    kinds.contains(&true)
}

fn container_faults(spec: &PodSpec, container: &Container) -> Vec<String> {
    let pod = spec.security_context.clone().unwrap_or_default();
    let own = container.security_context.clone().unwrap_or_default();
    let capabilities = own.capabilities.unwrap_or_default();
    let added = capabilities.add.unwrap_or_default();
    let host_ports = container
        .ports
        .iter()
        .flatten()
        .any(|port| port.host_port.is_some_and(|port| port != 0));
    let seccomp =
        |profile: Option<SeccompProfile>| profile.map(|profile| profile.type_).unwrap_or_default();
    let profile = Some(seccomp(own.seccomp_profile)).filter(|profile| !profile.is_empty());
    let profile = profile.unwrap_or_else(|| seccomp(pod.seccomp_profile));
    let user = own.run_as_user.or(pod.run_as_user);
    let faults = [
        (own.privileged == Some(true), "privileged"),
        (
            own.allow_privilege_escalation != Some(false),
            "allowPrivilegeEscalation is not false",
        ),
        (
            own.run_as_non_root.or(pod.run_as_non_root) != Some(true),
            "runAsNonRoot is not true",
        ),
        (
            user.is_none_or(|user| user == 0),
            "runAsUser is not set, or root",
        ),
        (
            capabilities.drop.is_none_or(|drop| drop != ["ALL"]),
            "capabilities are not dropped",
        ),
        (!added.is_empty(), "capabilities are added"),
        (
            !matches!(profile.as_str(), "RuntimeDefault" | "Localhost"),
            "seccompProfile is not set",
        ),
        (
            own.proc_mount.is_some_and(|mount| mount != "Default"),
            "procMount is set",
        ),
        (
            own.se_linux_options.is_some() || pod.se_linux_options.is_some(),
            "seLinuxOptions are set",
        ),
        (
            own.windows_options.is_some() || pod.windows_options.is_some(),
            "windowsOptions are set",
        ),
        (host_ports, "a port of the host is used"),
    ];
    faults
        .into_iter()
        .filter(|(fault, _)| *fault)
        .map(|(_, what)| what.to_owned())
        .collect()
}

/// The root file system is read-only, what can be written is limited, no service account token is there to be stolen.
pub(super) fn closed(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    for workload in release.workloads() {
        let mut wrong = |what: String| findings.push(format!("{}: {what}", workload.title()));
        if workload.spec.automount_service_account_token != Some(false) {
            wrong("automountServiceAccountToken is not false".to_owned());
        }
        if workload.spec.enable_service_links != Some(false) {
            wrong("enableServiceLinks is not false".to_owned());
        }
        let unlimited = |volume: &&Volume| {
            volume
                .empty_dir
                .as_ref()
                .is_some_and(|dir| dir.size_limit.is_none())
        };
        for volume in workload.spec.volumes.iter().flatten().filter(unlimited) {
            wrong(format!("emptyDir {} has no sizeLimit", volume.name));
        }
        for container in workload.containers() {
            let context = container.security_context.as_ref();
            if context.and_then(|context| context.read_only_root_filesystem) != Some(true) {
                wrong(format!(
                    "container {}: the root file system can be written",
                    container.name
                ));
            }
            for secret in mounted_writable(workload, container) {
                wrong(format!(
                    "container {}: {secret} is mounted writable",
                    container.name
                ));
            }
        }
    }
    findings
}

/// Secrets and configurations are mounted read-only.
fn mounted_writable(workload: &Workload, container: &Container) -> Vec<String> {
    let given = |name: &str| {
        let mut volumes = workload.spec.volumes.iter().flatten();
        volumes.any(|volume| {
            volume.name == name
                && (volume.secret.is_some()
                    || volume.config_map.is_some()
                    || volume.projected.is_some())
        })
    };
    let mounts = container.volume_mounts.iter().flatten();
    let writable = mounts.filter(|mount| given(&mount.name) && mount.read_only != Some(true));
    writable.map(|mount| mount.name.clone()).collect()
}
