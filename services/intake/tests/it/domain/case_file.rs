//! What a file must hold, and whether paper and index agree.

use chrono::Utc;
use contracts::ids::{CaseId, TypedId as _};
use intake::domain::case_file::{FileDocument, Sheet, differences, missing};
use uuid::Uuid;

use super::matter::POLICY;

fn document(position: i32, kind: &str, pages: i32) -> FileDocument {
    FileDocument {
        case_id: CaseId::from_uuid(Uuid::from_u128(1)),
        position,
        kind: kind.to_owned(),
        title: "材料".to_owned(),
        pages,
        added_by: "x".to_owned(),
        added_at: chrono::DateTime::<Utc>::UNIX_EPOCH,
        attachment_id: None,
        sha256: None,
    }
}

fn sheet(kind: &str, pages: i64) -> Sheet {
    Sheet {
        kind: kind.to_owned(),
        pages,
    }
}

#[test]
fn an_agreement_is_in_the_file_when_there_is_one() {
    let rules = &POLICY.intake().file;
    let codes = |documents: &[FileDocument], agreed| {
        let missing = missing(documents, rules, agreed);
        let codes: Vec<_> = missing.into_iter().map(|named| named.code).collect();
        codes.join(" ")
    };
    let all = "application rights_notice identity session_record back_cover";
    assert_eq!(codes(&[], false), all);
    assert_eq!(
        codes(&[document(1, "identity", 2)], true),
        "application rights_notice session_record agreement back_cover"
    );
    let full: Vec<_> = (1..)
        .zip(all.split(' '))
        .map(|(at, kind)| document(at, kind, 1))
        .collect();
    assert_eq!(codes(&full, false), "");
}

#[test]
fn each_difference_between_paper_and_index_is_named() {
    let index = [document(1, "identity", 2), document(2, "evidence", 5)];
    let at = |paper: &[Sheet]| {
        let found = differences(&index, paper);
        found.iter().map(|one| one.at).collect::<Vec<_>>()
    };
    let same = [sheet("identity", 2), sheet("evidence", 5)];
    assert_eq!(at(&same), Vec::<usize>::new());
    assert_eq!(at(&[]), [0, 1]);
    assert_eq!(at(&[same[1].clone(), same[0].clone()]), [0, 1]);
    assert_eq!(at(&[same[0].clone(), sheet("evidence", 4)]), [1]);
    let more = [same[0].clone(), same[1].clone(), sheet("back_cover", 1)];
    assert_eq!(at(&more), [2]);
    let (zh, en) = differences(&index, &more)[0].texts();
    assert_eq!(zh, "第 3 件:目录为 无,纸质为 back_cover, 1 页");
    assert_eq!(
        en,
        "Document 3: the index has none, the paper file has back_cover, 1 pages"
    );
}
