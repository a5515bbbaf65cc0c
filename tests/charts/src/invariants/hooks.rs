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
