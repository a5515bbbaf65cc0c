//! Values that must not be installed, and whether Helm says why. Where in the values is not asserted: Helm 4.3 prints some wrongly.

use anyhow::{Context as _, Result};
use charts_tests::{
    Scenario,
    helm::{self, Version},
    scenario::{Level, Postgres, merge},
};
use rstest::rstest;
use serde_json::{Value, json};

#[rstest]
#[case::code_without_quotes(json!({"centre": {"code": 620_602}}), &["got number, want string"])]
#[case::code_of_another_level(json!({"centre": {"code": "6206"}}), &["6206", "does not match"])]
#[case::level_that_is_none(json!({"centre": {"level": "village"}}), &["province", "township"])]
#[case::no_parent(json!({"parent": null}), &["missing property 'parent'"])]
#[case::parent_beside(json!({"parent": {"code": "6207"}}), &["6207", "is not above"])]
#[case::parent_without_quotes(json!({"parent": {"code": 6206}}), &["got number, want string"])]
#[case::parent_that_is_not_encrypted(json!({"parent": {"url": "nats://nats.6206.example:7422"}}), &["does not match", "tls|wss"])]
#[case::unknown_key(json!({"replicas": 3}), &["'replicas' not allowed"])]
#[case::unknown_key_of_the_centre(json!({"centre": {"region": "620602"}}), &["'region' not allowed"])]
#[case::unknown_override(json!({"overrides": {"natz": {}}}), &["'natz' not allowed"])]
#[case::unknown_setting(json!({"overrides": {"nats": {"replica": 3}}}), &["'replica' not allowed"])]
#[case::unknown_service(json!({"overrides": {"services": {"meditation": {"replicas": 2}}}}), &["'meditation' not allowed"])]
#[case::credential_in_the_values(json!({"overrides": {"config": {"database": {"password": "x"}}}}), &["'password' not allowed"])]
#[case::region_set_twice(json!({"overrides": {"config": {"node": {"region": "62"}}}}), &["region"])]
#[case::number_as_text(json!({"overrides": {"defaults": {"replicas": "2"}}}), &["got string, want integer"])]
#[case::two_servers(json!({"overrides": {"nats": {"replicas": 2}}}), &["must be one of 1, 3, 5"])]
#[case::no_digest(json!({"image": {"digest": null}}), &["missing property 'digest'"])]
#[case::short_digest(json!({"image": {"digest": "sha256:12"}}), &["sha256:12", "does not match"])]
#[case::tag_for_digest(json!({"image": {"tag": "1.0"}}), &["'tag' not allowed"])]
#[case::no_image_of_postgres(json!({"image": {"postgres": null}}), &["image.postgres is required"])]
#[case::no_secret(json!({"secretName": null}), &["secretName"])]
#[case::no_issuer(json!({"overrides": {"auth": {"issuer": ""}}}), &["overrides.auth.issuer is required"])]
#[case::no_keys_of_the_issuer(json!({"overrides": {"auth": {"jwksUrl": ""}}}), &["jwksUrl"])]
#[case::authority_of_no_external_database(json!({"overrides": {"postgres": {"ca": "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"}}}), &["overrides.postgres.ca is for postgres.mode external"])]
#[case::authority_that_is_a_key(json!({"overrides": {"postgres": {"mode": "external", "host": "a:1/b", "ca": "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"}}}), &["postgres", "ca"])]
#[case::external_without_host(json!({"overrides": {"postgres": {"mode": "external"}}}), &["overrides.postgres.host is required"])]
#[case::dump_on_no_volume(json!({"overrides": {"postgres": {"mode": "internal", "restoreFrom": "20261122T171703Z.dump"}, "backup": {"enabled": false}}}), &["restoreFrom needs the volume"])]
#[case::ingress_without_host(json!({"overrides": {"ingress": {"enabled": true}}}), &["overrides.ingress.host is required"])]
#[case::policy_outside_its_folder(json!({"overrides": {"policy": {"../limits.yaml": "a: 1"}}}), &["../limits.yaml"])]
#[case::bucket_without_a_name(json!({"overrides": {"attachments": {"mode": "s3", "s3": {"endpoint": "https://s3.example"}}}}), &["needs endpoint and bucket"])]
#[case::one_host_for_several_pods(json!({"overrides": {"defaults": {"replicas": 2}, "attachments": {"mode": "volume", "storage": {"accessMode": "ReadWriteOnce"}}}}), &["allows one pod of intake"])]
#[case::token_in_the_values(json!({"overrides": {"notifications": {"smsToken": "x"}}}), &["'smsToken' not allowed"])]
#[case::load_test_of_what_is_not_listed(json!({"image": {"loadtest": {"repository": "l", "digest": format!("sha256:{}", "1".repeat(64))}}, "overrides": {"loadtest": {"enabled": true, "target": "https://a.example", "tokensSecret": "t"}}}), &["overrides.loadtest.testTargets"])]
#[case::services_of_one_process(json!({"overrides": {"topology": "combined", "services": {"intake": {"replicas": 2}}}}), &["no effect with topology combined"])]
fn is_refused(#[case] more: Value, #[case] says: &[&str]) -> Result<()> {
    let mut values = base()?.values;
    merge(&mut values, &more);
    // In Helm a null takes a key away; here it is not there in the first place.
    refuses(&without_nulls(values), &[], says)
}

#[rstest]
#[case::number_on_the_command_line(&["--set", "parent.code=6206"], &["got number, want string"])]
#[case::unknown_key_on_the_command_line(&["--set", "overrides.nats.replicass=3"], &["'replicass' not allowed"])]
#[case::root_with_a_parent(&["--set", "centre.root=true"], &["root", "parent"])]
#[case::long_name(&["--name-template", "centre-of-a-county-with-a-name-that-never-ends"], &["longer than 40"])]
fn is_refused_on_the_command_line(#[case] arguments: &[&str], #[case] says: &[&str]) -> Result<()> {
    refuses(&base()?.values, arguments, says)
}

fn base() -> Result<Scenario> {
    Scenario::of(Level::County, Postgres::Internal, true)
}

fn refuses(values: &Value, arguments: &[&str], says: &[&str]) -> Result<()> {
    let values = values.to_string();
    let release = if arguments.contains(&"--name-template") {
        ""
    } else {
        "centre"
    };
    let input = helm::Input {
        release,
        namespace: "centre",
        values: &values,
        api_versions: &[],
        arguments,
    };
    let said = helm::template(Version::Four, &input)?.err();
    let said = said.with_context(|| format!("{values} {arguments:?} is rendered"))?;
    for part in says {
        assert!(
            said.contains(part),
            "{part:?} is not in what Helm says: {said}"
        );
    }
    Ok(())
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            fields
                .map(|(key, value)| (key, without_nulls(value)))
                .collect()
        }
        other => other,
    }
}
