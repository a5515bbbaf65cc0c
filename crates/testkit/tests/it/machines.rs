//! Random walks over objects with states.

use contracts::lifecycle::{StateMachine, Transition};
use proptest::strategy::Strategy;
use testkit::machines::{Object, Table, Walk, walk};

struct Door;

impl StateMachine for Door {
    type State = &'static str;
    const NAME: (&'static str, &'static str) = ("door", "门");
    const TRANSITIONS: &'static [Transition<&'static str>] = &[
        Transition {
            number: 0,
            command: "hang",
            action: "装",
            from: &[],
            to: "open",
        },
        Transition {
            number: 0,
            command: "shut",
            action: "关",
            from: &["open"],
            to: "shut",
        },
    ];
}

/// A door as it should be, and three with a fault.
#[derive(Debug, Clone)]
struct World<const FAULT: u8> {
    door: Option<&'static str>,
    refused: u32,
}

impl<const FAULT: u8> Walk for World<FAULT> {
    /// Whether to hang it, else to shut it.
    type Command = bool;
    type Refusal = ();

    fn tables() -> Vec<Table> {
        vec![Table::of::<Door>()]
    }

    fn commands() -> impl Strategy<Value = bool> {
        proptest::bool::ANY
    }

    fn begin() -> Self {
        Self {
            door: None,
            refused: 0,
        }
    }

    fn apply(&mut self, hang: &bool) -> Result<Vec<&'static str>, ()> {
        self.door = match (self.door, hang) {
            (None, true) => Some("open"),
            (Some("open"), false) if FAULT != 1 => Some("shut"),
            (Some("shut"), true) if FAULT == 2 => Some("open"),
            _ => {
                self.refused += u32::from(FAULT == 3);
                return Err(());
            }
        };
        Ok(vec![if *hang { "hang" } else { "shut" }])
    }

    fn objects(&self) -> Vec<Object> {
        let door = self.door.map(|state| Object::of::<Door>(1, state));
        door.into_iter().collect()
    }
}

#[test]
fn a_walk_notices_what_the_table_does_not_have() {
    assert!(walk::<World<0>>().is_ok());
    for (fault, said) in [
        (walk::<World<1>>(), "shut of door"),
        (walk::<World<2>>(), "does not lead from"),
        (walk::<World<3>>(), "and changes"),
    ] {
        let fault = fault.unwrap_err().to_string();
        assert!(fault.contains(said), "{fault}");
    }
}
