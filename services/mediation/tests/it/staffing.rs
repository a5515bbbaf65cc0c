//! What an organisation is short of (ME-03; 人民调解法 8, 9).

use anyhow::Result;
use contracts::events::mediation::{
    OrganisationChanged, OrganisationUnderstaffed, StaffingGap, StaffingGapKind,
};
use mediation::domain::{
    organisation::{Member, Organisation, RegisterOrganisation, Sex},
    staffing::{Active, gaps, widened},
};
use policy::PolicyPack;
use serde_json::{Value, json};

use crate::support::{self, COUNTY, text};

fn committee(policy: &PolicyPack) -> Organisation {
    let body = support::committee("城关镇人民调解委员会", COUNTY);
    let request: RegisterOrganisation = serde_json::from_value(body).unwrap();
    let now = testkit::service::BEGINNING.parse().unwrap();
    Organisation::register(request, policy, support::id(), now)
        .unwrap()
        .0
}

#[test]
fn the_rules_of_the_law_and_the_numbers_of_the_pack() {
    use StaffingGapKind::{DirectorVacant, MediatorsBelow, MembersBelow, NoWoman, TermOver};
    let policy = PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap();
    let whole = committee(&policy);
    let now = testkit::service::BEGINNING.parse().unwrap();
    let leaves = |of: Organisation, name: &str, sex| {
        let member = Member {
            name: name.to_owned(),
            sex,
        };
        of.depart(&member, now).unwrap().0
    };
    let two = Active::from([("full_time".to_owned(), 2)]);
    let part_time = Active::from([("part_time".to_owned(), 9), ("full_time".to_owned(), 1)]);
    let without_woman = leaves(whole.clone(), "钱委员", Sex::Female);
    let without_director = leaves(without_woman.clone(), "赵主任", Sex::Male);
    for (of, active, today, expected) in [
        (&whole, &two, "2026-09-01", vec![]),
        // The last day of the term is 1 September three years later.
        (&whole, &two, "2029-09-01", vec![]),
        (&whole, &two, "2029-09-02", vec![(TermOver, 0, 1)]),
        (
            &whole,
            &part_time,
            "2026-09-01",
            vec![(MediatorsBelow, 1, 2)],
        ),
        (
            &without_woman,
            &two,
            "2026-09-01",
            vec![(MembersBelow, 2, 3), (NoWoman, 0, 1)],
        ),
        (
            &without_director,
            &Active::new(),
            "2026-09-01",
            vec![
                (MembersBelow, 1, 3),
                (NoWoman, 0, 1),
                (DirectorVacant, 0, 1),
                (MediatorsBelow, 0, 2),
            ],
        ),
    ] {
        let found = gaps(of, active, &policy, today.parse().unwrap());
        let found: Vec<_> = found
            .iter()
            .map(|gap| (gap.kind, gap.have, gap.need))
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_gap_is_told_when_it_is_new_or_wider() {
    let gap = |class: &str, have| StaffingGap {
        kind: StaffingGapKind::MediatorsBelow,
        class: Some(class.to_owned()),
        have,
        need: 3,
    };
    let before = [gap("full_time", 1)];
    assert!(!widened(&before, &before));
    assert!(!widened(&before, &[gap("full_time", 2)]));
    assert!(!widened(&before, &[]));
    assert!(widened(&before, &[gap("full_time", 0)]));
    assert!(widened(&before, &[gap("expert", 1)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_leaves_opens_a_gap_that_the_register_shows() -> Result<()> {
    let desk = support::start().await?;
    let service = &desk.service;
    let administrator = service.role("administrator");
    let own = format!("/mediation/v1/organisations/{}", desk.organisation);
    let studio = json!({ "region": COUNTY, "kind": "lawyer_organisation", "name": "律师调解室", "routes": ["lawyer_mediation"], "director": "老李" });
    service
        .post("/mediation/v1/organisations", &administrator, studio)
        .await?
        .expect(201)?;
    let short = async |query: &str| -> Result<Vec<Value>> {
        let page = desk.get(&format!("/staffing-gaps{query}")).await?;
        Ok(page["items"].as_array().unwrap().clone())
    };
    // One full-time mediator where two should be; a lawyers' organisation has no number.
    let listed = short("").await?;
    assert_eq!(listed.len(), 1);
    assert_eq!(
        listed[0]["gaps"],
        json!([{ "kind": "mediators_below", "class": "full_time", "have": 1, "need": 2 }])
    );
    let nobody = json!({ "name": "钱委员", "sex": "male" });
    let leaves = format!("{own}/departures");
    service
        .post(&leaves, &administrator, nobody)
        .await?
        .expect_problem(422, "organisation-invalid")?;
    let director = json!({ "name": "赵主任", "sex": "male" });
    let view = service
        .post(&leaves, &administrator, director.clone())
        .await?
        .expect(200)?;
    assert_eq!(
        (&view["director"], &view["members"]),
        (&Value::Null, &json!(2))
    );
    service
        .post(&leaves, &desk.officer(), director)
        .await?
        .expect_problem(403, "forbidden")?;
    let told = service.published::<OrganisationUnderstaffed>().await?;
    let [understaffed] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!(understaffed.organisation_id, desk.organisation);
    assert_eq!(understaffed.gaps.len(), 3);
    assert_eq!(service.published::<OrganisationChanged>().await?.len(), 1);
    assert_eq!(
        short("?kind=township_pmc").await?[0]["gaps"]
            .as_array()
            .unwrap()
            .len(),
        3
    );

    // What is not about its staff may change meanwhile; new members must be whole.
    let change = format!("{own}/change");
    let name = json!({ "name": "城关街道人民调解委员会" });
    service
        .post(&change, &administrator, name)
        .await?
        .expect(200)?;
    service
        .post(&change, &administrator, json!({ "director": "孙委员" }))
        .await?
        .expect_problem(422, "organisation-invalid")?;
    let members = json!([{ "name": "孙委员", "sex": "male" }, { "name": "钱委员", "sex": "female" }, { "name": "吴委员", "sex": "male" }]);
    service
        .post(
            &change,
            &administrator,
            json!({ "director": "孙委员", "members": members }),
        )
        .await?
        .expect(200)?;
    assert_eq!(short("").await?[0]["gaps"].as_array().unwrap().len(), 1);

    // The only mediator is suspended: the gap is wider.
    let mediator = format!("/mediation/v1/mediators/{}/standing", desk.mediator);
    let away = json!({ "standing": "suspended", "reason": "投诉调查" });
    service
        .post(&mediator, &administrator, away)
        .await?
        .expect(200)?;
    let told = service.published::<OrganisationUnderstaffed>().await?;
    assert_eq!(told.len(), 2);
    assert_eq!(told[1].gaps[0].have, 0);
    let back = json!({ "standing": "active", "reason": "调查结束" });
    service
        .post(&mediator, &administrator, back)
        .await?
        .expect(200)?;
    assert_eq!(
        service.published::<OrganisationUnderstaffed>().await?.len(),
        2
    );
    assert_eq!(text(&short("").await?[0], "name"), "城关街道人民调解委员会");
    Ok(())
}
