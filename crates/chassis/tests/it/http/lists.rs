//! Lists, filters and cursors.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::toy::{Toy, answer, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_whole_and_do_not_overlap() {
    let toy = Toy::start().await;
    for limit in [1, 2, 3, 6, 7, 8, 200] {
        let (mut seen, mut pages, mut cursor) = (Vec::new(), 0, String::new());
        loop {
            let (status, page) =
                answer(toy.get(&format!("/intake/v1/toys?limit={limit}{cursor}"))).await;
            assert_eq!(status, 200);
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= limit);
            seen.extend(items.iter().map(|item| item["number"].as_u64().unwrap()));
            pages += 1;
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, [1, 2, 3, 4, 5, 6, 7], "limit {limit}");
        assert_eq!(
            pages,
            7_usize.div_ceil(limit),
            "no empty page at the end, limit {limit}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_cursor_is_refused() {
    let toy = Toy::start().await;
    let (_, page) = answer(toy.get("/intake/v1/toys?limit=2")).await;
    let cursor = page["next_cursor"].as_str().unwrap().to_owned();
    let other_type = URL_SAFE_NO_PAD.encode(r#"{"number":1}"#);
    let negative = URL_SAFE_NO_PAD.encode("-1");
    let long = "A".repeat(2000);
    for bad in [
        &format!("{cursor}!"),
        &other_type,
        &negative,
        &long,
        "",
        "%20",
        "***",
    ] {
        let refused = refusal(toy.get(&format!("/intake/v1/toys?cursor={bad}"))).await;
        assert_eq!(
            refused,
            (400, "invalid-cursor".to_owned(), Some("/cursor".to_owned())),
            "{bad}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_are_read_strictly() {
    let toy = Toy::start().await;
    let cases = [
        ("/intake/v1/toys?limit=0", "/limit"),
        ("/intake/v1/toys?limit=201", "/limit"),
        ("/intake/v1/toys?limit=-1", "/limit"),
        ("/intake/v1/toys?limit=x", "/limit"),
        ("/intake/v1/toys?limit=", "/limit"),
        ("/intake/v1/toys?limit=1&limit=2", "/limit"),
        ("/intake/v1/toys?colour=green", "/colour"),
        ("/intake/v1/toys?colour=red&colour=blue", "/colour"),
        ("/intake/v1/toys?from=x", "/from"),
        ("/intake/v1/toys?colour=-5000-01-01", "/colour"),
        ("/intake/v1/toys?color=red", "/color"),
        ("/intake/v1/boxes?colour=red", "/colour"),
        ("/intake/v1/wait", "/ms"),
        ("/intake/v1/wait?ms=1&extra", "/extra"),
    ];
    for (path, pointer) in cases {
        let refused = refusal(toy.get(path)).await;
        assert_eq!(
            refused,
            (400, "invalid-query".to_owned(), Some(pointer.to_owned())),
            "{path}"
        );
    }
    for path in ["/intake/v1/toys?colour=%ff", "/intake/v1/toys?colour=a%00b"] {
        assert_eq!(refusal(toy.get(path)).await.1, "invalid-query", "{path}");
    }
    for path in [
        "/intake/v1/toys?colour=red&limit=1",
        "/intake/v1/toys?",
        "/intake/v1/boxes?limit=5",
    ] {
        assert_eq!(answer(toy.get(path)).await.0, 200, "{path}");
    }
}
