//! Links of matters, and when they can be undone.

use chrono::Duration;
use contracts::{events::intake::LinkKind, ids::TypedId as _};
use intake::domain::{
    Refusal,
    link::Linking,
    matter::{Matter, MatterState},
};
use uuid::Uuid;

use super::matter::{beginning, matter};

fn other() -> Matter {
    let mut other = matter();
    other.id = contracts::ids::MatterId::from_uuid(Uuid::from_u128(11));
    other.case_id = contracts::ids::CaseId::from_uuid(Uuid::from_u128(12));
    other
}

#[test]
fn a_link_is_undone_unless_something_followed_from_it() {
    let linked_at = beginning() + Duration::hours(1);
    let (before, after) = (beginning(), linked_at + Duration::hours(1));
    let declined = |at| {
        move |matter: &mut Matter| {
            matter.state = MatterState::NotAccepted;
            matter.decided_at = Some(at);
        }
    };
    let accepted = move |matter: &mut Matter| {
        matter.state = MatterState::Accepted;
        matter.decided_at = Some(after);
    };
    type Change = Box<dyn Fn(&mut Matter, &mut Matter)>;
    let cases: Vec<(&str, LinkKind, Change, bool)> = vec![
        (
            "nothing followed",
            LinkKind::Duplicate,
            Box::new(|_, _| {}),
            true,
        ),
        (
            "accepted",
            LinkKind::Duplicate,
            Box::new(move |own, _| accepted(own)),
            true,
        ),
        (
            "declined before",
            LinkKind::Duplicate,
            Box::new(move |own, _| declined(before)(own)),
            true,
        ),
        (
            "declined after",
            LinkKind::Duplicate,
            Box::new(move |own, _| declined(after)(own)),
            false,
        ),
        (
            "the other declined",
            LinkKind::Duplicate,
            Box::new(move |_, other| declined(after)(other)),
            false,
        ),
        (
            "only related",
            LinkKind::Related,
            Box::new(move |own, _| declined(after)(own)),
            true,
        ),
        (
            "merged",
            LinkKind::Related,
            Box::new(|own, other| other.case_id = own.case_id),
            false,
        ),
    ];
    for (what, kind, change, undone) in cases {
        let (mut own, mut other) = (matter(), other());
        let linking = Linking {
            kind,
            reason: "同一人",
            by: "x",
        };
        let (link, _) = own.link(&other, false, &linking, linked_at).unwrap();
        change(&mut own, &mut other);
        let from_own = own.unlink(&other, &link, after);
        let from_other = other.unlink(&own, &link, after);
        assert_eq!(from_own, from_other, "{what}");
        match from_own {
            Ok(event) => {
                assert!(undone, "{what}");
                assert_eq!((event.matter_id, event.case_id), (own.id, own.case_id));
            }
            Err(refusal) => {
                assert!(!undone, "{what}");
                assert_eq!(refusal, Refusal::LinkInEffect, "{what}");
            }
        }
    }
}
