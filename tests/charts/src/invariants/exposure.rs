//! Secrets stay where they are.

use k8s_openapi::api::core::v1::ConfigMap;

use crate::Release;

const TELLING: [&str; 7] = [
    "PASSWORD",
    "SECRET",
    "TOKEN",
    "CREDENTIAL",
    "PRIVATE",
    "SEED",
    "_KEY",
];

/// The chart makes no Secret and so cannot lose, print or roll one.
pub(super) fn no_secret(release: &Release) -> Vec<String> {
    release.of("Secret").map(|secret| secret.title()).collect()
}

/// Neither variables, nor arguments, nor configurations carry a credential; a path to one and a reference to one are none.
pub(super) fn no_credential(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    for workload in release.workloads() {
        for container in workload.containers() {
            let title = format!("{}: {}", workload.title(), container.name);
            for variable in container.env.iter().flatten() {
                let value = variable.value.as_deref().unwrap_or_default();
                if tells(&variable.name) && !value.is_empty() && !value.contains("$(") {
                    findings.push(format!("{title}: {} has a value", variable.name));
                }
                findings.extend(
                    in_addresses(value).map(|found| format!("{title}: {}: {found}", variable.name)),
                );
            }
            for word in container.command.iter().chain(&container.args).flatten() {
                findings.extend(in_addresses(word).map(|found| format!("{title}: {found}")));
            }
        }
    }
    for map in release.all::<ConfigMap>() {
        let name = map.metadata.name.unwrap_or_default();
        for (key, text) in map.data.into_iter().flatten() {
            let lines = text
                .lines()
                .filter(|line| assigns(line))
                .map(|line| line.trim().to_owned());
            let mut found: Vec<String> = lines.chain(in_addresses(&text)).collect();
            if text.contains("PRIVATE KEY") || text.contains("NKEY SEED") {
                found.push("a private key".to_owned());
            }
            findings.extend(
                found
                    .into_iter()
                    .map(|found| format!("ConfigMap/{name}: {key}: {found}")),
            );
        }
    }
    findings
}

fn tells(name: &str) -> bool {
    let name = name.to_uppercase();
    let path = ["_FILE", "_PATH", "_DIR"]
        .iter()
        .any(|end| name.ends_with(end));
    !path && TELLING.iter().any(|word| name.contains(word))
}

/// `password = "…"` and `password: …`; `$PASSWORD` is a reference, and a path leads to a Secret.
fn assigns(line: &str) -> bool {
    let line = line.trim();
    if line.starts_with('#') {
        return false;
    }
    let Some((name, value)) = line.split_once(['=', ':']) else {
        return false;
    };
    let name = name
        .split([' ', '{', ','])
        .rfind(|word| !word.is_empty())
        .unwrap_or_default();
    let value = value.trim().trim_start_matches(['"', '\'']);
    tells(name) && !value.is_empty() && !value.starts_with(['$', '/'])
}

/// `scheme://user:password@host`, without the password.
fn in_addresses(text: &str) -> impl Iterator<Item = String> {
    text.split("://").skip(1).filter_map(|rest| {
        let authority = rest.split(['/', '"', ' ', '\n', ',']).next()?;
        let (login, host) = authority.rsplit_once('@')?;
        let (user, password) = login.split_once(':')?;
        (!password.is_empty() && !password.starts_with('$'))
            .then(|| format!("a password of {user} at {host}"))
    })
}
