//! `POST /organisations`, and reading the register.

use anyhow::Result;
use contracts::events::mediation::OrganisationRegistered;
use serde_json::{Value, json};

use crate::support::{self, COUNTY, OTHER_COUNTY, committee, id, text};

const PATH: &str = "/mediation/v1/organisations";

#[tokio::test(flavor = "multi_thread")]
async fn a_committee_enters_the_public_register() -> Result<()> {
    let desk = support::start().await?;
    let administrator = desk.service.role("administrator");
    let answer = desk
        .service
        .post(
            PATH,
            &administrator,
            committee("黄羊镇人民调解委员会", OTHER_COUNTY),
        )
        .await?;
    assert_eq!(answer.version(), Some(1));
    let location = answer.headers["location"].to_str()?.to_owned();
    let made = answer.expect(201)?;
    insta::assert_json_snapshot!(made, { ".id" => "[id]" });
    let event = desk
        .service
        .published::<OrganisationRegistered>()
        .await?
        .pop()
        .unwrap();
    assert_eq!(event.organisation_id.to_string(), text(&made, "id"));
    assert_eq!(event.routes, ["peoples_mediation"]);
    // Names of members are not for the bus.
    assert!(!serde_json::to_string(&event)?.contains("赵主任"));

    let everyone = [
        desk.officer(),
        desk.service.role("leader"),
        desk.service.role_in("court_user", desk.organisation),
    ];
    for token in everyone {
        assert_eq!(
            desk.service.get(&location, &token).await?.expect(200)?,
            made
        );
    }
    let elsewhere = desk
        .service
        .token()
        .roles(["leader"])
        .region(COUNTY)
        .sign()?;
    desk.service
        .get(&location, &elsewhere)
        .await?
        .expect_problem(404, "not-found")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_law_does_not_allow_is_refused() -> Result<()> {
    let desk = support::start().await?;
    let administrator = desk.service.role("administrator");
    let changed = |pointer: &str, value: Value| {
        let mut body = committee("金羊镇人民调解委员会", COUNTY);
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let members = |count: usize, sex: &str| -> Value {
        (0..count).map(|i| json!({ "name": if i == 0 { "赵主任".to_owned() } else { format!("委员{i}") }, "sex": sex })).collect()
    };
    let before = desk.stored().await?;
    for (body, status, code, pointer) in [
        (
            changed("/region", json!("620102")),
            422,
            "region-out-of-scope",
            "/region",
        ),
        (
            changed("/region", json!("620699")),
            422,
            "invalid-region",
            "/region",
        ),
        (
            changed("/kind", json!("club")),
            422,
            "invalid-body",
            "/kind",
        ),
        (changed("/name", json!(" ")), 422, "text-required", "/name"),
        (
            changed("/name", json!("调".repeat(101))),
            422,
            "text-too-long",
            "/name",
        ),
        (
            changed("/routes", json!([])),
            422,
            "organisation-invalid",
            "/routes",
        ),
        (
            changed("/routes/0", json!("litigation")),
            422,
            "organisation-invalid",
            "/routes/0",
        ),
        (
            changed("/director", json!("周外人")),
            422,
            "organisation-invalid",
            "/director",
        ),
        (
            changed("/members", members(2, "female")),
            422,
            "organisation-invalid",
            "/members",
        ),
        (
            changed("/members", members(10, "female")),
            422,
            "organisation-invalid",
            "/members",
        ),
        (
            changed("/members", members(3, "male")),
            422,
            "organisation-invalid",
            "/members",
        ),
        (
            changed("/members/0/sex", json!("x")),
            422,
            "invalid-body",
            "/members/0/sex",
        ),
    ] {
        let problem = desk
            .service
            .post(PATH, &administrator, body)
            .await?
            .expect_problem(status, code)?;
        assert_eq!(problem["pointer"], pointer, "{code}");
        assert!(!problem.to_string().contains("周外人"));
    }
    let twice = committee("城关镇人民调解委员会", COUNTY);
    desk.service
        .post(PATH, &administrator, twice)
        .await?
        .expect_problem(409, "conflict")?;
    let clerk = desk.service.role("window_clerk");
    desk.service
        .post(PATH, &clerk, committee("某", COUNTY))
        .await?
        .expect_problem(403, "forbidden")?;
    let county = desk
        .service
        .token()
        .roles(["administrator"])
        .region(OTHER_COUNTY)
        .sign()?;
    desk.service
        .post(PATH, &county, committee("某", COUNTY))
        .await?
        .expect_problem(422, "region-out-of-scope")?;
    assert_eq!(desk.stored().await?, before);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_without_committee_rules_needs_no_members() -> Result<()> {
    let desk = support::start().await?;
    let administrator = desk.service.role("administrator");
    let body = json!({ "region": COUNTY, "kind": "personal_studio", "name": "老李调解室", "routes": ["peoples_mediation"], "director": "老李" });
    let made = desk
        .service
        .post(PATH, &administrator, body)
        .await?
        .expect(201)?;
    assert_eq!(made["members"], 0);
    assert_eq!(made["term_ends_on"], Value::Null);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_is_read_in_pages() -> Result<()> {
    let desk = support::start().await?;
    let administrator = desk.service.role("administrator");
    for (name, region) in [("一", COUNTY), ("二", OTHER_COUNTY), ("三", COUNTY)] {
        desk.service
            .post(PATH, &administrator, committee(name, region))
            .await?
            .expect(201)?;
    }
    let leader = desk.service.role("leader");
    let list = async |query: &str| {
        desk.service
            .get(&format!("{PATH}?{query}"), &leader)
            .await?
            .expect(200)
    };
    let names = |page: &Value| -> Vec<String> {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| text(item, "name").to_owned())
            .collect()
    };
    let first = list("limit=3").await?;
    assert_eq!(names(&first), ["城关镇人民调解委员会", "一", "二"]);
    let second = list(&format!("limit=3&cursor={}", text(&first, "next_cursor"))).await?;
    assert_eq!(
        (names(&second), &second["next_cursor"]),
        (vec!["三".to_owned()], &Value::Null)
    );
    assert_eq!(
        names(&list(&format!("region={OTHER_COUNTY}")).await?),
        ["二"]
    );
    assert_eq!(
        names(&list("route=litigation").await?),
        Vec::<String>::new()
    );
    assert_eq!(
        names(&list("kind=township_pmc&route=peoples_mediation&limit=1").await?),
        ["城关镇人民调解委员会"]
    );
    desk.service
        .get(&format!("{PATH}?name=x"), &leader)
        .await?
        .expect_problem(400, "invalid-query")?;
    desk.service
        .get(&format!("{PATH}?cursor=x"), &leader)
        .await?
        .expect_problem(400, "invalid-cursor")?;
    let unknown = id::<contracts::ids::OrganisationId>();
    desk.service
        .get(&format!("{PATH}/{unknown}"), &leader)
        .await?
        .expect_problem(404, "not-found")?;
    desk.service
        .get(&format!("{PATH}/x"), &leader)
        .await?
        .expect_problem(422, "invalid-id")?;
    Ok(())
}
