//! Each invariant notices what it is for: one thing is spoilt in a good render, and exactly that is found.

use anyhow::{Context as _, Result};
use charts_tests::{
    Release, Scenario, invariants,
    scenario::{Level, Postgres},
};
use rstest::rstest;
use serde_json::{Value, json};

/// An object by kind and end of its name, a JSON pointer in it, and what is put there; null takes it away.
type Spoil = (&'static str, &'static str, &'static str, Value);

#[test]
fn county() -> Result<()> {
    let spoils: [(&str, Spoil); 38] = [
        (
            "kubernetes reads every key",
            ("Deployment", "intake", "/spec/replica", json!(1)),
        ),
        (
            "kubernetes reads every key",
            ("Service", "intake", "/spec/ports/0/port", json!("8080")),
        ),
        (
            "kubernetes reads every key",
            (
                "StatefulSet",
                "nats",
                "/spec/template/spec/hostnetwork",
                json!(true),
            ),
        ),
        (
            "no object of an operator that is not there",
            ("Service", "intake", "", monitor()),
        ),
        (
            "objects of operators have their shape",
            ("Service", "intake", "", monitor()),
        ),
        (
            "restricted pod security",
            (
                "Deployment",
                "intake",
                "/spec/template/spec/hostNetwork",
                json!(true),
            ),
        ),
        (
            "restricted pod security",
            (
                "Deployment",
                "intake",
                "/spec/template/spec/securityContext/seccompProfile",
                Value::Null,
            ),
        ),
        (
            "restricted pod security",
            (
                "Deployment",
                "intake",
                "/spec/template/spec/initContainers/0/securityContext/capabilities",
                Value::Null,
            ),
        ),
        (
            "restricted pod security",
            (
                "CronJob",
                "backup",
                "/spec/jobTemplate/spec/template/spec/securityContext/runAsNonRoot",
                Value::Null,
            ),
        ),
        (
            "restricted pod security",
            (
                "Pod",
                "test-smoke",
                "/spec/volumes/0",
                json!({"name": "config", "hostPath": {"path": "/"}}),
            ),
        ),
        (
            "read-only, without a token of the cluster",
            (
                "StatefulSet",
                "postgres",
                "/spec/template/spec/automountServiceAccountToken",
                Value::Null,
            ),
        ),
        (
            "read-only, without a token of the cluster",
            (
                "StatefulSet",
                "nats",
                "/spec/template/spec/containers/0/securityContext/readOnlyRootFilesystem",
                json!(false),
            ),
        ),
        (
            "probes, an orderly stop, resources",
            (
                "Deployment",
                "triage",
                "/spec/template/spec/containers/0/startupProbe",
                Value::Null,
            ),
        ),
        (
            "probes, an orderly stop, resources",
            (
                "Deployment",
                "triage",
                "/spec/template/spec/containers/0/readinessProbe/httpGet/path",
                json!("/livez"),
            ),
        ),
        (
            "probes, an orderly stop, resources",
            (
                "Deployment",
                "triage",
                "/spec/template/spec/terminationGracePeriodSeconds",
                json!(30),
            ),
        ),
        (
            "rollouts keep a centre available",
            ("Deployment", "triage", "/spec/strategy", Value::Null),
        ),
        (
            "rollouts keep a centre available",
            (
                "StatefulSet",
                "nats",
                "/spec/persistentVolumeClaimRetentionPolicy/whenDeleted",
                json!("Delete"),
            ),
        ),
        (
            "no replicas beside an autoscaler",
            ("Deployment", "triage", "/spec/replicas", Value::Null),
        ),
        (
            "a disruption budget exactly when there is more than one",
            ("Deployment", "triage", "/spec/replicas", json!(2)),
        ),
        (
            "selectors are short and find exactly their pods",
            (
                "Deployment",
                "triage",
                "/spec/selector/matchLabels/app.kubernetes.io~1component",
                Value::Null,
            ),
        ),
        (
            "claims and selectors carry nothing that changes",
            (
                "StatefulSet",
                "nats",
                "/spec/volumeClaimTemplates/0/metadata/labels/version",
                json!("1"),
            ),
        ),
        (
            "every reference exists",
            (
                "Deployment",
                "triage",
                "/spec/template/spec/volumes/0/projected/sources/0/configMap/name",
                json!("other"),
            ),
        ),
        (
            "every reference exists",
            (
                "Deployment",
                "triage",
                "/spec/template/spec/volumes/0/projected/sources/1/secret/items/0/key",
                json!("database-triage-pasword"),
            ),
        ),
        (
            "every reference exists",
            (
                "Deployment",
                "triage",
                "/spec/template/spec/serviceAccountName",
                json!("other"),
            ),
        ),
        (
            "a pod gets the secrets it reads",
            (
                "Deployment",
                "triage",
                "/spec/template/spec/volumes/0/projected/sources/1/secret/items/0/key",
                json!("database-intake-password"),
            ),
        ),
        (
            "no Secret is rendered",
            ("Service", "intake", "/kind", json!("Secret")),
        ),
        (
            "no credential in plain text",
            (
                "Deployment",
                "triage",
                "/spec/template/spec/containers/0/env/0",
                json!({"name": "X_PASSWORD", "value": "x"}),
            ),
        ),
        (
            "no credential in plain text",
            (
                "ConfigMap",
                "config",
                "/data/fengqiao.toml",
                json!("url = \"postgres://a:b@c:5432/d\""),
            ),
        ),
        (
            "no hooks except tests",
            (
                "Deployment",
                "triage",
                "/metadata/annotations",
                json!({"helm.sh/hook": "pre-install"}),
            ),
        ),
        (
            "names fit",
            (
                "StatefulSet",
                "nats",
                "/metadata/name",
                json!("n".repeat(53)),
            ),
        ),
        (
            "images by digest",
            (
                "Deployment",
                "triage",
                "/spec/template/spec/containers/0/image",
                json!("registry.example/fengqiao:1"),
            ),
        ),
        (
            "services and ports are closed",
            ("Service", "nats", "/spec/ports/0/targetPort", json!("bus")),
        ),
        (
            "addresses in configurations are served",
            ("Service", "postgres", "/spec/ports/0/port", json!(5433)),
        ),
        (
            "network policies allow what is declared and nothing else",
            ("NetworkPolicy", "nats", "/spec/ingress/0/from", Value::Null),
        ),
        (
            "network policies allow what is declared and nothing else",
            (
                "NetworkPolicy",
                "bus-clients",
                "/spec/egress/0/ports/0/port",
                json!(4223),
            ),
        ),
        (
            "every claim has a pod from the start",
            (
                "PersistentVolumeClaim",
                "backup",
                "/metadata/name",
                json!("somebody-elses"),
            ),
        ),
        (
            "the JetStream domain is the node's",
            (
                "ConfigMap",
                "nats",
                "/data/nats.conf",
                json!("domain: c6206\n"),
            ),
        ),
        (
            "readiness does not depend on the parent",
            (
                "Deployment",
                "triage",
                "/spec/template/spec/containers/0/readinessProbe/httpGet/path",
                json!("/readyz?also=nats.6206.example"),
            ),
        ),
    ];
    let release = Release::render(&Scenario::of(Level::County, Postgres::Internal, true)?)?;
    let mut missed = Vec::new();
    for (invariant, spoil) in spoils {
        let found = invariants::findings(&spoilt(&release, &spoil)?);
        if !found.iter().any(|finding| finding.contains(invariant)) {
            missed.push(format!("{invariant}: {spoil:?} is not noticed"));
        }
    }
    crate::report("spoilt renders", &missed)
}

#[rstest]
#[case::an_octal_number("  defaultMode: 0440", "no scalar means something else in YAML 1.1")]
#[case::a_word("  enabled: on", "no scalar means something else in YAML 1.1")]
#[case::a_date("  deployed: 2026-11-22T10:00:00Z", "nothing is random or dated")]
fn text(#[case] line: &str, #[case] invariant: &str) -> Result<()> {
    let mut release = Release::render(&Scenario::of(Level::County, Postgres::Internal, true)?)?;
    release.text.push_str(line);
    let found = invariants::findings(&release);
    assert!(
        found.iter().any(|finding| finding.contains(invariant)),
        "{found:?}"
    );
    Ok(())
}

fn spoilt(release: &Release, (kind, name, pointer, value): &Spoil) -> Result<Release> {
    let mut release = release.clone();
    let mut objects = release.objects.iter_mut();
    let named = format!("{}-{name}", release.scenario.release);
    let object = objects.find(|object| object.kind() == *kind && object.name() == named);
    let object = object.with_context(|| format!("no {kind} {named}"))?;
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        object.value = value.clone();
        return Ok(release);
    };
    let parent = object
        .value
        .pointer_mut(parent)
        .with_context(|| format!("{named} has no {parent}"))?;
    let key = key.replace("~1", "/");
    match parent {
        Value::Object(fields) if value.is_null() => {
            _ = fields
                .remove(&key)
                .with_context(|| format!("no {pointer}"))?
        }
        Value::Object(fields) => _ = fields.insert(key, value.clone()),
        Value::Array(entries) => {
            *entries.get_mut(key.parse::<usize>()?).context("no entry")? = value.clone()
        }
        _ => anyhow::bail!("{pointer} leads nowhere"),
    }
    Ok(release)
}

/// An object of an operator that is not there, without what it must have.
fn monitor() -> Value {
    json!({"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": {"name": "m"}, "spec": {"endpoints": []}})
}
