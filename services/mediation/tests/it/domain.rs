//! The tables as they are drawn; sequences of commands are walked in `machines`.

use contracts::lifecycle::mermaid;
use mediation::domain::{agreement::Agreement, obligation::Obligation, proceeding::Proceeding};

#[test]
fn the_tables() {
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}",
        mermaid::<Proceeding>(),
        mermaid::<Agreement>(),
        mermaid::<Obligation>()
    ));
}
