//! `flux/generate`.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use charts_tests::{helm::root, scenario::centres};
use serde_json::Value;

/// A wave is a file of its own: each centre is in one of them, and in no other.
#[test]
fn a_wave_is_printed_by_itself() -> Result<()> {
    let mut printed = Vec::new();
    let levels = ["province", "city", "county", "township"];
    let normal = levels.map(|level| ("normal", Some(level)));
    for (wave, level) in [("canary", None)].into_iter().chain(normal) {
        let mut generate = Command::new(root().join("k8s/flux/generate"));
        generate
            .arg(root().join("k8s/centres"))
            .env("WAVE", wave)
            .env_remove("LEVEL");
        if let Some(level) = level {
            generate.env("LEVEL", level);
        }
        let output = generate.output()?;
        ensure!(output.status.success(), "{wave} {level:?}");
        let documents: Vec<Value> =
            serde_saphyr::from_multiple(&String::from_utf8_lossy(&output.stdout))?;
        let releases = documents.iter().filter(|one| one["kind"] == "HelmRelease");
        printed.extend(releases.map(|one| (one["metadata"]["namespace"].to_string(), wave)));
    }
    let mut wanted: Vec<_> = centres()?
        .iter()
        .map(|centre| {
            let wave = centre.text("/fleet/wave");
            let wave = if wave == "canary" { wave } else { "normal" };
            (format!("\"{}\"", centre.release), wave.to_owned())
        })
        .collect();
    let mut printed: Vec<_> = printed
        .into_iter()
        .map(|(centre, wave)| (centre, wave.to_owned()))
        .collect();
    wanted.sort();
    printed.sort();
    assert_eq!(printed, wanted);
    Ok(())
}

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
