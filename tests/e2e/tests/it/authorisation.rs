//! Every operation × everybody who may not.

use std::collections::BTreeSet;

use chassis::time::Time;
use contracts::roles::{Role, permission};
use e2e::{
    Api, Mode, Settings, TestNode,
    cast::{Cast, OTHER_COUNTY},
    flow::{Case, Course, matter},
    node::REGION,
    stored::changed,
};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{TokenBuilder, http::TestResponse};

use crate::{
    endpoints::{ENDPOINTS, Endpoint, Outside, World},
    objects::Objects,
};

/// The person whose case it is.
const OWNER: &str = "zhang-san";

/// Objects that an organisation sees when it is called to them, wherever its token's region and theirs are (TR-06).
const ACROSS_REGIONS: [&str; 2] = ["/triage/v1/consultations", "/triage/v1/task-forces"];

/// An operation of the document.
struct Operation {
    method: Method,
    path: String,
    permission: String,
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn roles(&self) -> &'static [Role] {
        let found = permission::ALL
            .iter()
            .find(|(name, _)| *name == self.permission);
        found
            .unwrap_or_else(|| {
                panic!(
                    "{}: there is no permission {}",
                    self.name(),
                    self.permission
                )
            })
            .1
    }

    fn endpoint(&self) -> &'static Endpoint {
        let found = ENDPOINTS
            .iter()
            .find(|endpoint| endpoint.method == self.method.as_str() && endpoint.path == self.path);
        found.unwrap_or_else(|| panic!("{} is not in the table", self.name()))
    }
}

/// All operations of the merged document, with the permission each names.
async fn operations(api: &Api) -> Vec<Operation> {
    let document = api
        .send(api.request(Method::GET, "/openapi.json"))
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item
            .as_object()
            .unwrap()
            .iter()
            .filter(|(key, _)| key.as_str() != "parameters")
        {
            let security = operation["security"]
                .as_array()
                .unwrap_or_else(|| panic!("{method} {path} names no permission"));
            let [requirement] = security.as_slice() else {
                panic!("{method} {path}: one requirement, not {security:?}")
            };
            let [permission] = requirement["bearer"].as_array().unwrap().as_slice() else {
                panic!("{method} {path}: one permission")
            };
            let permission = permission.as_str().unwrap().to_owned();
            operations.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                permission,
            });
        }
    }
    operations
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_has_every_operation_and_nobody_gets_in_without_a_right_token() {
    let node = TestNode::start(Mode::One).await.unwrap();
    let operations = operations(&node.api).await;
    let in_document: BTreeSet<String> = operations.iter().map(Operation::name).collect();
    let in_table: BTreeSet<String> = ENDPOINTS
        .iter()
        .map(|endpoint| format!("{} {}", endpoint.method, endpoint.path))
        .collect();
    let missing: Vec<_> = in_document.difference(&in_table).collect();
    let gone: Vec<_> = in_table.difference(&in_document).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "not in the table: {missing:#?}\nnot in the document: {gone:#?}"
    );

    let everything = || {
        node.token()
            .roles(Role::ALL.iter().map(|role| role.as_str()))
            .organisation(Time::system().uuid())
    };
    let sign = |token: TokenBuilder<'_>| Some(token.sign().unwrap());
    let stranger = testkit::TestIssuer::new().unwrap();
    let tokens = [
        ("none", None, "token-missing"),
        ("not a token", Some("abc".to_owned()), "token-invalid"),
        ("expired", sign(everything().expired()), "token-expired"),
        (
            "wrong issuer",
            sign(everything().issuer("https://elsewhere.test")),
            "token-invalid",
        ),
        (
            "wrong audience",
            sign(everything().audience("another-system")),
            "token-invalid",
        ),
        ("wrong key", sign(everything().wrong_key()), "token-invalid"),
        (
            "a stranger's",
            sign(stranger.token().roles(["administrator"])),
            "token-invalid",
        ),
        ("unsigned", sign(everything().unsigned()), "token-invalid"),
        (
            "no region",
            sign(everything().without("region")),
            "token-invalid",
        ),
        (
            "no expiry",
            sign(everything().without("exp")),
            "token-invalid",
        ),
    ];
    let before = node.stored().await.unwrap();
    for operation in &operations {
        for (name, token, code) in &tokens {
            let request = request(&node.api, operation, token.as_deref());
            let refused = node.api.send(request).await.unwrap();
            assert!(
                refused.headers.contains_key("www-authenticate"),
                "{} with {name}: {} {}",
                operation.name(),
                refused.status,
                refused.body
            );
            let refused = refused.expect_problem(401, code);
            refused.unwrap_or_else(|error| panic!("{} with {name}: {error}", operation.name()));
        }
    }
    assert_eq!(
        changed(&before, &node.stored().await.unwrap()),
        Vec::<String>::new()
    );
}

/// A request that no handler can obey: ids that nothing has, a body that is none.
fn request(api: &Api, operation: &Operation, token: Option<&str>) -> reqwest::RequestBuilder {
    let nobody = "00000000-0000-7000-8000-000000000000";
    let path = ["{id}", "{case_id}", "{order_id}"]
        .iter()
        .fold(operation.path.clone(), |path, id| path.replace(id, nobody));
    let mut request = api.request(operation.method.clone(), &path);
    if operation.method == Method::POST {
        request = request.json(&json!([]));
    }
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_may_do_exactly_what_the_document_says() {
    let node = TestNode::start(Mode::One).await.unwrap();
    let operations = operations(&node.api).await;
    let before = node.stored().await.unwrap();
    let organisation = Time::system().uuid().to_string();
    for &role in Role::ALL {
        let (with, without) = (
            node.role_in(role, &organisation).unwrap(),
            node.role(role).unwrap(),
        );
        for operation in &operations {
            let what = format!("{} as {role}", operation.name());
            let answer = node
                .api
                .send(request(&node.api, operation, Some(&with)))
                .await
                .unwrap();
            if !operation.roles().contains(&role) {
                answer
                    .expect_problem(403, "forbidden")
                    .unwrap_or_else(|error| panic!("{what}: {error}"));
                continue;
            }
            match operation.method {
                Method::POST => assert_eq!(answer.status, 422, "{what}: {}", answer.body),
                _ => assert!(
                    !matches!(answer.status, 401 | 403 | 500..),
                    "{what}: {}",
                    answer.body
                ),
            }
            if role.bound_to_organisation() {
                let answer = node
                    .api
                    .send(request(&node.api, operation, Some(&without)))
                    .await
                    .unwrap();
                answer
                    .expect_problem(403, "forbidden")
                    .unwrap_or_else(|error| panic!("{what} of no organisation: {error}"));
            }
        }
    }
    // A role nobody here knows gives nothing, and takes nothing from the others.
    for operation in &operations {
        let nobody = node.token().roles(["emperor"]).sign().unwrap();
        let answer = node
            .api
            .send(request(&node.api, operation, Some(&nobody)))
            .await
            .unwrap();
        answer.expect_problem(403, "forbidden").unwrap();
    }
    assert_eq!(
        changed(&before, &node.stored().await.unwrap()),
        Vec::<String>::new()
    );
}

async fn call(api: &Api, world: &World, endpoint: &Endpoint, token: &str) -> TestResponse {
    let path = world.path(endpoint.path);
    match endpoint.method {
        "GET" => api.get(&path, token).await.unwrap(),
        _ => api
            .post(&path, token, &(endpoint.body)(world))
            .await
            .unwrap(),
    }
}

fn numbers<'a>(value: &'a Value, name: &str) -> Vec<&'a Value> {
    let inner = |value: &'a Value| numbers(value, name);
    match value {
        Value::Object(fields) => {
            let own = fields
                .get(name)
                .filter(|found| found.is_number())
                .into_iter();
            own.chain(fields.values().flat_map(inner)).collect()
        }
        Value::Array(items) => items.iter().flat_map(inner).collect(),
        _ => Vec::new(),
    }
}

fn check(outside: Outside, answer: TestResponse, what: &str) {
    let told = format!("{what}: {} {}", answer.status, answer.body);
    match outside {
        Outside::NotFound => {
            // Nothing tells an object of somebody else from one that never was.
            let body = answer.expect_problem(404, "not-found").expect(&told);
            assert!(
                body["detail"].is_null() && body["pointer"].is_null(),
                "{told}"
            );
        }
        Outside::Empty => {
            let body = answer.expect(200).expect(&told);
            assert_eq!(
                (body["items"].as_array().map(Vec::len), &body["next_cursor"]),
                (Some(0), &Value::Null),
                "{told}"
            );
            assert!(body.get("total").is_none_or(|total| total == 0), "{told}");
        }
        Outside::Zero(name) => {
            let body = answer.expect(200).expect(&told);
            let found = numbers(&body, name);
            assert!(
                !found.is_empty() && found.iter().all(|number| **number == 0),
                "{told}"
            );
        }
        Outside::Refused(status, code) => drop(answer.expect_problem(status, code).expect(&told)),
        Outside::Open => panic!("{what}: is not called"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reaches_into_another_region_organisation_or_life() {
    let files = tempfile::tempdir().unwrap();
    let directory = files.path().display().to_string();
    let settings = Settings::of(Mode::One).variable("FENGQIAO__ATTACHMENTS__DIRECTORY", directory);
    let node = TestNode::with(settings).await.unwrap();
    let api = &node.api;
    let cast = Cast::gather(&node).await.unwrap();
    let case = Case::play(api, &cast, Course::Confirmed, OWNER)
        .await
        .unwrap();
    let mut refused = Case::register(api, &cast, Course::Refused, &matter(OWNER))
        .await
        .unwrap();
    refused.triage(api, &cast).await.unwrap();
    refused.mediate(api, &cast).await.unwrap();
    node.settle().await.unwrap();
    let objects = Objects::of(&node, &cast, &case, OWNER).await.unwrap();
    node.settle().await.unwrap();
    let world = World {
        cast,
        case,
        refused,
        objects,
    };
    let operations = operations(api).await;
    let before = node.stored().await.unwrap();
    let token = |role: Role, region: &str, organisation: &str| {
        node.token()
            .region(region)
            .roles([role.as_str()])
            .organisation(organisation)
            .sign()
            .unwrap()
    };
    let own_of = |role: Role| {
        if role == Role::CourtUser {
            &world.cast.court_id
        } else {
            &world.cast.desk.organisation
        }
    };
    let elsewhere = Time::system().uuid().to_string();

    for operation in &operations {
        let (endpoint, name) = (operation.endpoint(), operation.name());
        let roles = || operation.roles().iter().copied();
        let across = ACROSS_REGIONS
            .iter()
            .any(|path| operation.path.starts_with(path));
        let by_region =
            |role: &Role| *role != Role::Applicant && !(across && role.bound_to_organisation());
        for role in roles().filter(by_region) {
            let answer = call(
                api,
                &world,
                endpoint,
                &token(role, OTHER_COUNTY, own_of(role)),
            )
            .await;
            check(
                endpoint.region,
                answer,
                &format!("{name} as {role} of another region"),
            );
        }
        let bound: Vec<Role> = roles()
            .filter(|role| role.bound_to_organisation())
            .collect();
        assert_eq!(
            endpoint.organisation.is_some(),
            !bound.is_empty(),
            "{name}: bound roles are {bound:?}"
        );
        if let Some(outside) = endpoint
            .organisation
            .filter(|outside| !matches!(outside, Outside::Open))
        {
            for role in bound {
                let answer = call(api, &world, endpoint, &token(role, REGION, &elsewhere)).await;
                check(
                    outside,
                    answer,
                    &format!("{name} as {role} of another organisation"),
                );
            }
        }
        assert_eq!(
            endpoint.stranger.is_some(),
            roles().any(|role| role == Role::Applicant),
            "{name}: applicants"
        );
        if let Some(outside) = endpoint
            .stranger
            .filter(|outside| !matches!(outside, Outside::Open))
        {
            let stranger = node
                .token()
                .roles(["applicant"])
                .subject("li-si")
                .sign()
                .unwrap();
            let answer = call(api, &world, endpoint, &stranger).await;
            check(outside, answer, &format!("{name} as another applicant"));
        }
    }
    node.settle().await.unwrap();
    assert_eq!(
        changed(&before, &node.stored().await.unwrap()),
        Vec::<String>::new(),
        "stored by somebody who may not"
    );

    // The same calls by those whose objects they are: the objects are there, until they are removed.
    let mut wrong = Vec::new();
    let removes = |operation: &&Operation| operation.path.ends_with("/remove");
    let (last, first): (Vec<_>, Vec<_>) = operations.iter().partition(removes);
    for operation in first.into_iter().chain(last) {
        let (endpoint, name) = (operation.endpoint(), operation.name());
        let once = if removes(&operation) { 1 } else { usize::MAX };
        for &role in operation.roles().iter().rev().take(once) {
            let token = match role {
                Role::Applicant => node
                    .token()
                    .roles(["applicant"])
                    .subject(OWNER)
                    .sign()
                    .unwrap(),
                // The body that decides: the court here.
                role if operation.permission == "effect.decide" => {
                    token(role, REGION, &world.cast.court_id)
                }
                role => token(role, REGION, own_of(role)),
            };
            let answer = call(api, &world, endpoint, &token).await;
            let told = format!("{name} as {role}: {} {}", answer.status, answer.body);
            let right = match endpoint.method {
                "GET" if role == Role::Applicant && answer.status == 400 => true,
                "GET" => answer.status == 200,
                _ => !matches!(answer.status, 401 | 403 | 404 | 500..),
            };
            if !right {
                wrong.push(told);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
