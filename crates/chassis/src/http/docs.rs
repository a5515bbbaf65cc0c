//! The OpenAPI documents: one a service, and all in one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use actix_web::{App, HttpResponse, web};
use contracts::Service;
use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, License, OpenApi, RefOr, Required};
use utoipa::{PartialSchema as _, ToSchema as _};
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::{Config, SwaggerUi, Url};

use super::problem_body::{FieldProblem, ProblemBody};

/// How a document refers to a schema.
const SCHEMAS: &str = "#/components/schemas/";

/// The routes of a service: its `routes::configure`. Paths are relative to `/<service>/v1`.
pub type Routes = fn(&mut ServiceConfig<'_>);

/// The path under which a service's routes are.
#[must_use]
pub fn prefix(service: Service) -> String {
    format!("/{}/v1", service.as_str())
}

/// The document of one service, made from its routes alone: no state, no server.
#[must_use]
pub fn service_document(service: Service, routes: Routes) -> OpenApi {
    let prefix = prefix(service);
    let scope = utoipa_actix_web::scope::scope(web::scope(&prefix)).configure(routes);
    let (_app, mut document) = App::new()
        .into_utoipa_app()
        .service(scope)
        .split_for_parts();
    // An operation may name its whole path or leave it to the route, which is relative to the prefix.
    let paths = std::mem::take(&mut document.paths.paths).into_iter();
    document.paths.paths = paths
        .map(|(path, item)| match path.starts_with(&prefix) {
            true => (path, item),
            false => (format!("{prefix}{path}"), item),
        })
        .collect();
    let items = document.paths.paths.values_mut();
    for command in items.filter_map(|item| item.post.as_mut()) {
        add_headers(command);
    }
    complete(
        document,
        &format!("Fengqiao {} {}", service.as_str(), service.zh()),
    )
}

/// The headers that every command takes ([`super::Call`]).
fn add_headers(operation: &mut Operation) {
    let header = |name: &str, description: &str| -> RefOr<Parameter> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(description))
            .schema(Some(text))
            .build()
            .into()
    };
    operation.parameters.get_or_insert_default().extend([
        header(
            "Idempotency-Key",
            "The caller's name for this attempt, 1 to 128 visible ASCII characters: sent again, it gets the answer of the first time",
        ),
        header(
            "If-Match",
            "The version the caller saw, as in `ETag`: refused with 412 when it is another by now, with 400 by commands that act on nothing with a version",
        ),
    ]);
}

/// The documents of several services in one. Where two services have different schemas of one name, both get their
/// service's name in front.
#[must_use]
pub fn merged_document(services: &[(Service, Routes)]) -> Value {
    let documents: Vec<(Service, Value)> = services
        .iter()
        .map(|(service, routes)| (*service, json!(service_document(*service, *routes))))
        .collect();
    let ambiguous = ambiguous_schemas(&documents);
    let empty = OpenApi::new(InfoBuilder::new().build(), utoipa::openapi::Paths::new());
    let mut merged = json!(complete(empty, "Fengqiao"));
    for (service, mut document) in documents {
        rename(&mut document, service, &ambiguous);
        for place in ["/paths", "/components/schemas"] {
            let part = document
                .pointer_mut(place)
                .and_then(Value::as_object_mut)
                .map(std::mem::take);
            if let (Some(target), Some(part)) = (
                merged.pointer_mut(place).and_then(Value::as_object_mut),
                part,
            ) {
                target.extend(part);
            }
        }
    }
    merged
}

fn complete(mut document: OpenApi, title: &str) -> OpenApi {
    document.info = InfoBuilder::new()
        .title(title)
        .version(env!("CARGO_PKG_VERSION"))
        .license(Some(License::new("Apache-2.0")))
        .build();
    let components = document.components.get_or_insert_with(Components::new);
    components
        .schemas
        .insert("Problem".to_owned(), ProblemBody::schema());
    components
        .schemas
        .insert(FieldProblem::name().into_owned(), FieldProblem::schema());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    // The derive macros collect the types of bodies, but not those of parameters, which are only referred to.
    let known = json!(&components.schemas);
    let missing = references(&json!(&document))
        .into_iter()
        .filter(|name| known.get(name).is_none());
    let missing: Vec<String> = missing.collect();
    if let Some(components) = &mut document.components {
        let texts = missing.into_iter().map(|name| {
            let uuid = name
                .ends_with("Id")
                .then_some(SchemaFormat::KnownFormat(KnownFormat::Uuid));
            let text = ObjectBuilder::new().schema_type(Type::String).format(uuid);
            (name, text.build().into())
        });
        components.schemas.extend(texts.collect::<Vec<_>>());
    }
    document
}

/// The names of all schemas that a document refers to.
fn references(document: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => {
                let link = fields.get("$ref").and_then(Value::as_str);
                let name = link.and_then(|link| link.strip_prefix(SCHEMAS));
                names.extend(name.map(str::to_owned));
                open.extend(fields.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    names
}

/// Names of schemas that are not the same everywhere.
fn ambiguous_schemas(documents: &[(Service, Value)]) -> BTreeSet<String> {
    let mut seen: BTreeMap<&str, &Value> = BTreeMap::new();
    let mut ambiguous = BTreeSet::new();
    for (_, document) in documents {
        let schemas = document
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        for (name, schema) in schemas.into_iter().flatten() {
            if seen
                .insert(name, schema)
                .is_some_and(|other| other != schema)
            {
                ambiguous.insert(name.clone());
            }
        }
    }
    ambiguous
}

/// Puts the service's name before its ambiguous schemas and before every reference to them.
fn rename(document: &mut Value, service: Service, ambiguous: &BTreeSet<String>) {
    let new_name = |name: &str| {
        let words = service.as_str().split('-').map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
                .collect::<String>()
        });
        format!("{}{name}", words.collect::<String>())
    };
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        for name in ambiguous {
            if let Some(schema) = schemas.remove(name) {
                schemas.insert(new_name(name), schema);
            }
        }
    }
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => {
                let name = fields.get("$ref").and_then(Value::as_str);
                let name = name.and_then(|link| link.strip_prefix(SCHEMAS));
                if let Some(name) = name.filter(|name| ambiguous.contains(*name)) {
                    let link = format!("{SCHEMAS}{}", new_name(name));
                    fields.insert("$ref".to_owned(), link.into());
                }
                open.extend(fields.values_mut());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

/// Made when first asked for: most processes never are, and texts and tables take megabytes.
type Lazy<T> = Arc<LazyLock<T, Box<dyn FnOnce() -> T + Send>>>;

fn lazy<T>(make: impl FnOnce() -> T + Send + 'static) -> Lazy<T> {
    Arc::new(LazyLock::new(Box::new(make)))
}

/// The documents of a server, written once and served as they are.
#[derive(Clone)]
pub(super) struct Documents {
    /// Path and text.
    files: Vec<(String, Lazy<web::Bytes>)>,
    /// Route pattern and its methods, for `Allow`.
    methods: Lazy<BTreeMap<String, String>>,
}

impl Documents {
    pub(super) fn of(services: &[(Service, Routes)]) -> Self {
        let (all, same) = (services.to_vec(), services.to_vec());
        let merged = lazy(move || text(&merged_document(&all)));
        let mut files = vec![("/openapi.json".to_owned(), merged)];
        files.extend(services.iter().map(|&(service, routes)| {
            let document = lazy(move || text(&json!(service_document(service, routes))));
            (format!("/{}/openapi.json", service.as_str()), document)
        }));
        Self {
            files,
            methods: lazy(move || methods(&merged_document(&same))),
        }
    }

    /// The methods of a route, if it is in the documents; the operators' own routes only read.
    pub(super) fn allow(&self, pattern: &str) -> &str {
        self.methods.get(pattern).map_or("GET", String::as_str)
    }

    /// The documents, and Swagger UI under `/docs/` with all its files from this binary.
    pub(super) fn routes(&self, config: &mut web::ServiceConfig) {
        for (path, text) in &self.files {
            let text = text.clone();
            let answer = move || {
                let text = text.clone();
                async move {
                    HttpResponse::Ok()
                        .content_type("application/json")
                        .body(web::Bytes::clone(&text))
                }
            };
            config.service(web::resource(path).route(web::get().to(answer)));
        }
        let urls = self.files.iter().map(|(path, _)| Url::from(path.clone()));
        // The validator would send the document to a server elsewhere.
        let pages = Config::new(urls)
            .validator_url("none")
            .persist_authorization(true)
            .display_operation_id(true);
        config.service(web::redirect("/docs", "/docs/"));
        config.service(SwaggerUi::new("/docs/{_:.*}").config(pages));
    }
}

fn text(document: &Value) -> web::Bytes {
    web::Bytes::from(document.to_string())
}

fn methods(document: &Value) -> BTreeMap<String, String> {
    let paths = document.get("paths").and_then(Value::as_object);
    let methods = |item: &Value| {
        let verbs = item
            .as_object()
            .into_iter()
            .flat_map(|item| item.keys())
            .map(|verb| verb.to_ascii_uppercase());
        verbs.collect::<Vec<_>>().join(", ")
    };
    paths
        .into_iter()
        .flatten()
        .map(|(path, item)| (path.clone(), methods(item)))
        .collect()
}
