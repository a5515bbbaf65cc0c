//! Bodies of events as they were first published. Consumers meet them again in every replay, so they must stay readable:
//! a kind of event may gain optional fields, and nothing else.
#![cfg(test)]

use std::path::PathBuf;

use contracts::events::{CatalogueEntry, catalogue};
use serde_json::{Map, Value, json};

/// Every sample with its kind, `matter.accepted`: the first `matter.accepted.v1.json`, those with the fields of later releases
/// `matter.accepted.v1.2.json` and so on.
fn samples() -> Vec<(String, Value)> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            let (kind, number) = name
                .strip_suffix(".json")
                .and_then(|name| name.split_once(".v1"))
                .unwrap_or_else(|| panic!("{name}: not <object>.<fact>.v1.json"));
            assert!(
                number.is_empty() || number.strip_prefix('.').unwrap().parse::<u32>().unwrap() > 1,
                "{name}"
            );
            let text = std::fs::read_to_string(&path).unwrap();
            (
                kind.to_owned(),
                serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}")),
            )
        })
        .collect()
}

fn kind(entry: &CatalogueEntry) -> String {
    format!("{}.{}", entry.object, entry.fact)
}

/// The schemas of an entry: its own and those it refers to.
struct Schemas {
    own: Value,
    components: Map<String, Value>,
}

impl Schemas {
    fn of(entry: &CatalogueEntry) -> Self {
        let components = entry
            .components
            .iter()
            .map(|(name, schema)| (name.clone(), json!(schema)))
            .collect();
        Self {
            own: json!(entry.schema),
            components,
        }
    }

    /// Follows a reference, also one that may be null.
    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        if let Some(link) = schema.get("$ref").and_then(Value::as_str) {
            let name = link.rsplit('/').next().unwrap();
            return self
                .components
                .get(name)
                .map_or(schema, |found| self.resolve(found));
        }
        let choices = ["oneOf", "anyOf"]
            .iter()
            .find_map(|key| schema.get(*key)?.as_array());
        let real = choices
            .into_iter()
            .flatten()
            .find(|choice| choice["type"] != "null");
        real.map_or(schema, |choice| self.resolve(choice))
    }

    /// Fields of a sample that the schema does not have any more.
    fn lost(&self, schema: &Value, sample: &Value, at: &str) -> Vec<String> {
        let schema = self.resolve(schema);
        match sample {
            // The body of another event, whose fields its own kind has.
            Value::Object(_)
                if schema["type"] == "object" && schema.get("properties").is_none() =>
            {
                Vec::new()
            }
            Value::Object(fields) => fields
                .iter()
                .flat_map(|(name, value)| {
                    match schema.get("properties").and_then(|p| p.get(name)) {
                        Some(inner) => self.lost(inner, value, &format!("{at}/{name}")),
                        None => vec![format!("{at}/{name}")],
                    }
                })
                .collect(),
            Value::Array(items) => items
                .iter()
                .flat_map(|item| self.lost(&schema["items"], item, &format!("{at}/*")))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// Every sample with the entry of its kind.
fn samples_of_kinds() -> Vec<(CatalogueEntry, Value)> {
    let of = |known: &str| catalogue().into_iter().find(|entry| kind(entry) == known);
    let pairs = samples().into_iter().map(|(known, sample)| {
        let entry = of(&known);
        (
            entry.unwrap_or_else(|| panic!("{known} was published, and is no kind any more")),
            sample,
        )
    });
    pairs.collect()
}

#[test]
fn every_field_of_every_kind_is_in_a_sample() {
    let samples = samples();
    for entry in catalogue() {
        assert!(
            samples.iter().any(|(of, _)| *of == kind(&entry)),
            "no sample of {}",
            kind(&entry)
        );
        let schema = json!(entry.schema);
        let fields = schema["properties"].as_object().into_iter().flatten();
        for (name, _) in fields {
            let mut of_kind = samples.iter().filter(|(of, _)| *of == kind(&entry));
            assert!(
                of_kind.any(|(_, sample)| sample.get(name).is_some()),
                "{}: no sample has {name}, which nobody would miss if it went",
                kind(&entry)
            );
        }
    }
}

#[test]
fn every_sample_still_parses() {
    for (entry, sample) in samples_of_kinds() {
        (entry.parses)(sample).unwrap_or_else(|e| panic!("{}: {e}", kind(&entry)));
    }
}

#[test]
fn a_required_field_is_one_without_which_nothing_parses() {
    for (entry, sample) in samples_of_kinds() {
        let (kind, schemas) = (kind(&entry), Schemas::of(&entry));
        let sample = sample.as_object().unwrap();
        let required = schemas.own["required"].as_array().into_iter().flatten();
        let required: Vec<&str> = required.map(|name| name.as_str().unwrap()).collect();
        for name in &required {
            assert!(
                sample.contains_key(*name),
                "{kind}: {name} became required, but was not always published"
            );
        }
        for name in sample.keys() {
            let mut without = sample.clone();
            without.remove(name);
            let parses = (entry.parses)(Value::Object(without)).is_ok();
            assert_eq!(
                parses,
                !required.contains(&name.as_str()),
                "{kind}: the schema says otherwise about {name}"
            );
        }
    }
}

#[test]
fn no_published_field_was_removed_or_renamed() {
    for (entry, sample) in samples_of_kinds() {
        let schemas = Schemas::of(&entry);
        let lost = schemas.lost(&schemas.own, &sample, "");
        assert!(lost.is_empty(), "{}: {lost:?}", kind(&entry));
    }
}

#[test]
fn a_field_of_a_later_release_is_read_over() {
    for (entry, mut sample) in samples_of_kinds() {
        sample["field_of_a_later_release"] = json!({ "any": ["value"] });
        (entry.parses)(sample).unwrap_or_else(|e| panic!("{}: {e}", kind(&entry)));
    }
}
