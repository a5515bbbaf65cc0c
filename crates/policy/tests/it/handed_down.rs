//! What a superior hands down takes the place of the layers above a node, and nothing else.

use std::collections::BTreeMap;

use policy::{HandedDown, PackFiles, pack::PackErrorKind};

use super::{
    layers::{copy, write},
    region,
};

fn files(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = pairs.iter();
    owned
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

#[test]
fn a_superior_hands_down_its_layers_and_the_working_days() {
    let dir = copy();
    for name in [
        "regions/62/limits.yaml",
        "regions/6206/limits.yaml",
        "regions/620602/limits.yaml",
        "regions/61/limits.yaml",
    ] {
        write(&dir, name, "title_max: 90\n");
    }
    let pack = PackFiles::read(Some(dir.path()))
        .pack(&region("6206"), None)
        .unwrap();
    let names: Vec<_> = pack.handed_down().files.keys().cloned().collect();
    let (calendar, layers): (Vec<_>, Vec<_>) = names
        .into_iter()
        .partition(|name| name.starts_with("reference/calendar/"));
    assert!(calendar.contains(&"reference/calendar/2026.json".to_owned()));
    // Neither the nation's, which comes with the program, nor those of others or of the nodes below.
    assert_eq!(
        layers,
        ["regions/62/limits.yaml", "regions/6206/limits.yaml"]
    );
}

#[test]
fn it_takes_the_place_of_the_layers_above() {
    let dir = copy();
    write(
        &dir,
        "regions/62/limits.yaml",
        "title_max: 90\nnote_max: 900\n",
    );
    write(&dir, "regions/620602/limits.yaml", "comment_max: 800\n");
    let own = PackFiles::read(Some(dir.path()));
    let (county, before) = (region("620602"), own.pack(&region("620602"), None).unwrap());
    let from_above = files(&[("regions/6206/limits.yaml", "title_max: 80\n")]);
    let pack = own.pack(&county, Some(&from_above)).unwrap();
    let limits = pack.limits();
    assert_eq!(
        (limits.title_max, limits.note_max, limits.comment_max),
        (80, 1000, 800),
        "the city's, the nation's since the province's is gone, the county's own"
    );
    assert_ne!(pack.version(), before.version());
    // What the county hands down in turn.
    let layers: Vec<_> = pack.handed_down().files.keys().cloned().collect();
    assert!(layers.contains(&"regions/6206/limits.yaml".to_owned()));
    assert!(!layers.contains(&"regions/62/limits.yaml".to_owned()));
    // What the program has of years that were not handed down stays.
    assert!(layers.contains(&"reference/calendar/2026.json".to_owned()));
}

#[test]
fn what_a_superior_locks_stays_and_what_is_not_its_own_is_refused() {
    let dir = copy();
    write(&dir, "regions/620602/limits.yaml", "title_max: 70\n");
    let own = PackFiles::read(Some(dir.path()));
    let locked = "title_max: 80\nlocks: [/title_max]\n";
    let errors = own
        .pack(
            &region("620602"),
            Some(&files(&[("regions/6206/limits.yaml", locked)])),
        )
        .unwrap_err();
    let first = &errors.errors()[0];
    assert_eq!(
        (first.kind, first.file.as_str()),
        (PackErrorKind::Lock, "regions/620602/limits.yaml")
    );
    for name in [
        "default/limits.yaml",
        "regions/620602/limits.yaml",
        "regions/6207/limits.yaml",
        "regions/62/../620602/limits.yaml",
    ] {
        let result = own.pack(
            &region("620602"),
            Some(&files(&[(name, "title_max: 60\n")])),
        );
        match result {
            Err(errors) => assert_eq!(errors.errors()[0].file, name),
            // Under a layer of the superior's, and so of no section.
            Ok(pack) => assert_eq!((name.contains(".."), pack.limits().title_max), (true, 70)),
        }
    }
}

#[test]
fn the_version_tells_files_apart() {
    let version = |pairs| HandedDown::new(files(pairs)).version;
    let one = version(&[("a", "bc")]);
    assert_eq!(one, version(&[("a", "bc")]));
    assert_ne!(one, version(&[("ab", "c")]));
    assert_ne!(one, version(&[("a", "bc"), ("d", "")]));
    assert!(one.starts_with("sha256:") && one.len() == 71);
}
