//! The AsyncAPI document: every event, who publishes it, who applies it, its body's schema, and the questions.

use std::collections::BTreeMap;

use anyhow::Result;
use contracts::{
    Service,
    events::{CatalogueEntry, catalogue},
    questions,
};
use serde_json::{Map, Value, json};

use crate::modules::Module;

/// JSON Schema of every event's body, by `<object>.<fact>.v1`, complete in itself.
pub fn event_schemas() -> Result<BTreeMap<String, Value>> {
    catalogue()
        .iter()
        .map(|entry| {
            let mut schema = serde_json::to_value(&entry.schema)?;
            let mut definitions = Map::new();
            for (name, component) in &entry.components {
                definitions.insert(
                    name.clone(),
                    relink(serde_json::to_value(component)?, "#/$defs/"),
                );
            }
            schema = relink(schema, "#/$defs/");
            if let Some(fields) = schema.as_object_mut() {
                fields.insert(
                    "$schema".to_owned(),
                    json!("https://json-schema.org/draft/2020-12/schema"),
                );
                if !definitions.is_empty() {
                    fields.insert("$defs".to_owned(), definitions.into());
                }
            }
            Ok((format!("{}.{}.v1", entry.object, entry.fact), schema))
        })
        .collect()
}

/// The document.
pub fn document(modules: &[Module]) -> Result<Value> {
    let mut channels = Map::new();
    let mut operations = Map::new();
    let mut messages = Map::new();
    let mut schemas = Map::new();
    for entry in catalogue() {
        schemas.insert(entry.name.clone(), serde_json::to_value(&entry.schema)?);
        for (name, component) in &entry.components {
            schemas.insert(name.clone(), serde_json::to_value(component)?);
        }
        for service in publishers(&entry) {
            let subject = entry.subject(service);
            let key = subject.replace(['.', '-'], "_");
            messages.insert(
                key.clone(),
                json!({
                    "name": format!("fengqiao.{service}.{}.{}.v1", entry.object, entry.fact),
                    "contentType": "application/json",
                    "headers": { "$ref": "#/components/schemas/EventHeaders" },
                    "payload": { "$ref": format!("#/components/schemas/{}", entry.name) },
                }),
            );
            channels.insert(
                key.clone(),
                json!({ "address": subject, "messages": { key.clone(): { "$ref": format!("#/components/messages/{key}") } } }),
            );
            let mut operate = |action: &str, who: Service| {
                let operation = json!({ "action": action, "channel": { "$ref": format!("#/channels/{key}") },
                                        "tags": [{ "name": who.as_str() }] });
                operations.insert(format!("{who}_{action}_{key}"), operation);
            };
            operate("send", service);
            for module in modules
                .iter()
                .filter(|m| m.subscribed.iter().any(|s| s == "evt.>" || *s == subject))
            {
                operate("receive", module.service);
            }
        }
    }
    for (service, subject, askers) in questions::catalogue() {
        let key = subject.replace(['.', '-'], "_");
        let askers: Vec<&str> = askers.iter().map(|a| a.as_str()).collect();
        channels.insert(
            key,
            json!({ "address": subject, "description": format!("Request-reply, answered by {service}, asked by {}", askers.join(", ")) }),
        );
    }
    schemas.insert("EventHeaders".to_owned(), headers());
    Ok(json!({
        "asyncapi": "3.0.0",
        "info": { "title": "Fengqiao events", "version": env!("CARGO_PKG_VERSION"),
                  "description": "CloudEvents in binary mode over NATS JetStream." },
        "defaultContentType": "application/json",
        "channels": channels, "operations": operations,
        "components": { "messages": messages, "schemas": schemas },
    }))
}

fn publishers(entry: &CatalogueEntry) -> Vec<Service> {
    entry
        .service
        .map_or_else(|| Service::ALL.to_vec(), |service| vec![service])
}

fn headers() -> Value {
    use contracts::events::header as h;
    let required = [
        h::ID,
        h::TYPE,
        h::SOURCE,
        h::SUBJECT,
        h::TIME,
        h::ORIGIN,
        h::EPOCH,
        h::SEQ,
        h::CASE_SEQ,
        h::CORRELATION,
    ];
    let names = [
        required.as_slice(),
        &[
            h::SPEC_VERSION,
            h::CONTENT_TYPE,
            h::CAUSATION,
            h::TRACEPARENT,
            h::MSG_ID,
        ],
    ]
    .concat();
    let properties: Map<String, Value> = names
        .iter()
        .map(|n| ((*n).to_owned(), json!({ "type": "string" })))
        .collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// References of OpenAPI as references into the schema itself.
fn relink(mut value: Value, to: &str) -> Value {
    match &mut value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                if name == "$ref" {
                    if let Some(target) = field
                        .as_str()
                        .and_then(|r| r.strip_prefix("#/components/schemas/"))
                    {
                        *field = json!(format!("{to}{target}"));
                    }
                } else {
                    *field = relink(field.take(), to);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = relink(item.take(), to);
            }
        }
        _ => {}
    }
    value
}
