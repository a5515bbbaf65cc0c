//! `flux/generate`.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use charts_tests::{helm::root, scenario::centres};
use serde_json::Value;

/// Flux gets the same three files, unchanged, for every centre below a folder.
#[test]
fn flux_is_given_the_same_values() -> Result<()> {
    let centres = centres()?;
    let output = Command::new(root().join("k8s/flux/generate"))
        .arg(root().join("k8s/centres"))
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let documents: Vec<Value> =
        serde_saphyr::from_multiple(&String::from_utf8_lossy(&output.stdout))?;
    let of = |kind: &str| {
        let found = documents.iter().filter(|one| one["kind"] == kind);
        found.cloned().collect::<Vec<_>>()
    };
    assert_eq!(of("HelmRelease").len(), centres.len());
    assert_eq!(of("Namespace").len(), centres.len());
    for centre in &centres {
        let values = of("ConfigMap");
        let values = values
            .iter()
            .find(|one| one["metadata"]["namespace"] == centre.release.as_str());
        let data = &values.context(centre.name.clone())?["data"];
        let texts = [
            ("centre.yaml", centre.name.as_str()),
            ("images.yaml", "k8s/images.yaml"),
            ("fleet.yaml", "k8s/fleet.yaml"),
        ];
        for (key, file) in texts {
            let there: Value = serde_saphyr::from_str(data[key].as_str().context(key)?)?;
            let here: Value = serde_saphyr::from_str(&std::fs::read_to_string(root().join(file))?)?;
            assert_eq!(there, here, "{}: {key}", centre.name);
        }
    }
    Ok(())
}
