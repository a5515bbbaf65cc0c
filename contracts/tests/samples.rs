//! Bodies of events as they were first published. Consumers meet them again in every replay, so they must stay readable:
//! a kind of event may gain optional fields, and nothing else.
#![cfg(test)]

use std::{collections::BTreeMap, path::PathBuf};

use contracts::events::{CatalogueEntry, catalogue};
use serde_json::{Map, Value, json};

/// Every sample by its kind, `matter.accepted`.
fn samples() -> BTreeMap<String, Value> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            let kind = name
                .strip_suffix(".v1.json")
                .unwrap_or_else(|| panic!("{name}: not <object>.<fact>.v1.json"));
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

#[test]
fn every_kind_has_a_sample_and_every_sample_a_kind() {
    let kinds: Vec<String> = catalogue().iter().map(kind).collect();
    let samples = samples();
    let missing: Vec<&String> = kinds
        .iter()
        .filter(|kind| !samples.contains_key(*kind))
        .collect();
    let unknown: Vec<&String> = samples
        .keys()
        .filter(|kind| !kinds.contains(kind))
        .collect();
    assert!(missing.is_empty(), "no sample of {missing:?}");
    assert!(
        unknown.is_empty(),
        "a published kind was removed from the catalogue: {unknown:?}"
    );
}

#[test]
fn every_sample_still_parses() {
    let samples = samples();
    for entry in catalogue() {
        let sample = samples.get(&kind(&entry)).unwrap();
        (entry.parses)(sample.clone()).unwrap_or_else(|e| panic!("{}: {e}", kind(&entry)));
    }
}

#[test]
fn a_required_field_is_one_without_which_nothing_parses() {
    let samples = samples();
    for entry in catalogue() {
        let (kind, schemas) = (kind(&entry), Schemas::of(&entry));
        let sample = samples.get(&kind).unwrap().as_object().unwrap();
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
    let samples = samples();
    for entry in catalogue() {
        let schemas = Schemas::of(&entry);
        let lost = schemas.lost(&schemas.own, samples.get(&kind(&entry)).unwrap(), "");
        assert!(lost.is_empty(), "{}: {lost:?}", kind(&entry));
    }
}

#[test]
fn a_field_of_a_later_release_is_read_over() {
    let samples = samples();
    for entry in catalogue() {
        let mut sample = samples.get(&kind(&entry)).unwrap().clone();
        sample["field_of_a_later_release"] = json!({ "any": ["value"] });
        (entry.parses)(sample).unwrap_or_else(|e| panic!("{}: {e}", kind(&entry)));
    }
}
