//! The same under Helm, Argo CD, Flux and kubectl.

use crate::Release;

/// Hooks run at other times in each of them; only tests may be hooks.
pub(super) fn only_tests(release: &Release) -> Vec<String> {
    let hooked = release.objects.iter().filter(|object| {
        let hook = object.annotation("helm.sh/hook");
        (!hook.is_empty() && hook != "test")
            || !object.annotation("argocd.argoproj.io/hook").is_empty()
    });
    let mut findings: Vec<String> = hooked.map(|object| object.title()).collect();
    let tests = release.objects.iter().filter(|object| object.is_test());
    findings.extend(
        tests
            .filter(|object| !matches!(object.kind(), "Pod" | "Job"))
            .map(|object| object.title()),
    );
    findings
}

/// A date in a render would restart every pod with every upgrade.
pub(super) fn no_dates(release: &Release) -> Vec<String> {
    let dated = |line: &&str| {
        line.as_bytes().windows(11).any(|bytes| {
            bytes.iter().zip(b"0000-00-00T").all(|(byte, shape)| {
                if *shape == b'0' {
                    byte.is_ascii_digit()
                } else {
                    byte == shape
                }
            })
        })
    };
    release
        .text
        .lines()
        .filter(dated)
        .map(|line| line.trim().to_owned())
        .collect()
}

/// `helm test` asks whether the centre works, and with a parent whether the link does.
pub(super) fn tests_are_there(release: &Release) -> Vec<String> {
    let linked = release.scenario.parent_host().is_some();
    let mut findings = Vec::new();
    for (name, wanted) in [("test-smoke", true), ("test-link", linked)] {
        let name = format!("{}-{name}", release.scenario.release);
        let there = release
            .objects
            .iter()
            .any(|object| object.is_test() && object.name() == name);
        if there != wanted {
            findings.push(format!("{name}: wanted {wanted}, there {there}"));
        }
    }
    findings
}
