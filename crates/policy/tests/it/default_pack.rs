//! The default pack is right, and says what the law says.

use super::pack;

#[test]
fn loads_for_every_kind_of_region() {
    for code in ["62", "6206", "620602", "620602100", "34"] {
        assert!(pack(code).version().starts_with("sha256:"), "{code}");
    }
}
