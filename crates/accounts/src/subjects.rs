//! How regions appear in the subjects of the federation, and what a child may do at its parent.

use contracts::region::{Level, RegionCode};

/// Levels a subject has; a region above the last one is filled up with `_`.
const ARITY: usize = 4;

/// The region's own tokens, always four: `62` is `62._._._`, `620602` is `62.06.02._`. A village is written as its township.
#[must_use]
pub fn tokens(region: RegionCode) -> String {
    let mut text = subtree(region);
    for _ in text.split('.').count()..ARITY {
        text.push_str("._");
    }
    text
}

/// The tokens every region in it begins with: `6206` is `62.06`. Followed by `.>` it selects the region and all below it. A
/// village is written as its township.
#[must_use]
pub fn subtree(region: RegionCode) -> String {
    region.at(Level::Township).unwrap_or(region).subject()
}

/// The node's JetStream domain: `c6206`.
#[must_use]
pub fn domain(node: RegionCode) -> String {
    format!("c{node}")
}

/// What a child's leaf connection may publish at its parent. The lists are as short as they can be: what each line is for is
/// in the crate's documentation.
pub(crate) fn child_publish(parent: RegionCode, child: RegionCode) -> Vec<String> {
    vec![
        // Deliveries of its UP stream.
        format!("fed.up.{}.>", domain(child)),
        // Replies to the parent's CONSUMER.CREATE on UP.
        "$JSC.R.*".to_owned(),
        // It may consume DOWN, its own subtree only: the filter is part of the subject.
        consume_down(parent, child),
        // Flow control of that consumer, in both formats.
        "$JS.FC.DOWN.>".to_owned(),
        "$JS.FC.*.*.DOWN.>".to_owned(),
    ]
}

/// What a child's leaf connection may subscribe to at its parent.
pub(crate) fn child_subscribe(child: RegionCode) -> Vec<String> {
    vec![
        // What the child's account LINK offers.
        format!("fed.api.{}.>", domain(child)),
        // Flow control of the parent's consumer on UP, in both formats.
        "$JS.FC.UP.>".to_owned(),
        "$JS.FC.*.*.UP.>".to_owned(),
        // Deliveries of DOWN.
        format!("fed.down.{}.>", domain(child)),
        // Replies to its CONSUMER.CREATE, which is a service import in its account LINK.
        "_R_.>".to_owned(),
    ]
}

/// The request by which a child consumes its part of its parent's DOWN.
pub(crate) fn consume_down(parent: RegionCode, child: RegionCode) -> String {
    format!(
        "$JS.{}.API.CONSUMER.CREATE.DOWN.*.down.{}.>",
        domain(parent),
        subtree(child)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(code: &str) -> RegionCode {
        code.parse().unwrap()
    }

    #[test]
    fn tokens_are_always_four() {
        for (code, all, tree) in [
            ("62", "62._._._", "62"),
            ("6206", "62.06._._", "62.06"),
            ("620602", "62.06.02._", "62.06.02"),
            ("620602001", "62.06.02.001", "62.06.02.001"),
            ("620602001201", "62.06.02.001", "62.06.02.001"),
        ] {
            assert_eq!(tokens(region(code)), all);
            assert_eq!(subtree(region(code)), tree);
        }
    }

    #[test]
    fn a_child_names_only_itself_at_its_parent() {
        let (parent, child) = (region("6206"), region("620602"));
        assert_eq!(
            child_publish(parent, child),
            [
                "fed.up.c620602.>",
                "$JSC.R.*",
                "$JS.c6206.API.CONSUMER.CREATE.DOWN.*.down.62.06.02.>",
                "$JS.FC.DOWN.>",
                "$JS.FC.*.*.DOWN.>",
            ]
        );
        assert_eq!(
            child_subscribe(child),
            [
                "fed.api.c620602.>",
                "$JS.FC.UP.>",
                "$JS.FC.*.*.UP.>",
                "fed.down.c620602.>",
                "_R_.>",
            ]
        );
    }
}
