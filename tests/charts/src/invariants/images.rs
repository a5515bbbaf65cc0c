//! Which images run.

use std::collections::BTreeSet;

use crate::Release;

/// Every image is named by its digest, and a site needs two at most: ours and PostgreSQL's. A test centre has the load test too.
pub(super) fn by_digest(release: &Release) -> Vec<String> {
    let mut images: BTreeSet<(String, String)> = BTreeSet::new();
    for workload in release.workloads() {
        for container in workload.containers() {
            images.insert((
                container.image.clone().unwrap_or_default(),
                workload.title(),
            ));
        }
    }
    for cluster in release.of("Cluster") {
        images.insert((cluster.text("/spec/imageName").to_owned(), cluster.title()));
    }
    let exact = |image: &str| {
        image.split_once("@sha256:").is_some_and(|(name, digest)| {
            !name.is_empty()
                && digest.len() == 64
                && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    let loose = images.iter().filter(|(image, _)| !exact(image));
    let mut findings: Vec<String> = loose
        .map(|(image, title)| format!("{title}: {image}"))
        .collect();
    let different: BTreeSet<&str> = images.iter().map(|(image, _)| image.as_str()).collect();
    let most = 2 + usize::from(
        release
            .of("Job")
            .any(|job| job.name().contains("-loadtest-")),
    );
    if different.len() > most {
        findings.push(format!("{} images: {different:?}", different.len()));
    }
    findings
}
