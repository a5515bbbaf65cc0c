//! The form in which a transition table is written: one `const` table per object, from which the guard, the tests and the
//! state diagram in the docs are all taken.

/// One allowed change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition<S: 'static> {
    /// Number in the lifecycle's list of transitions; 0 for a step inside an object that the list does not number.
    pub number: u8,
    /// The command that asks for it: snake_case, the same as the operation id.
    pub command: &'static str,
    /// The action's Chinese name.
    pub action: &'static str,
    /// States it may start from; empty = creation.
    pub from: &'static [S],
    /// The state it leads to.
    pub to: S,
}

/// An object with states.
pub trait StateMachine {
    /// Its states.
    type State: Copy + PartialEq + std::fmt::Display + 'static;
    /// Name of the object in docs: English and Chinese.
    const NAME: (&'static str, &'static str);
    /// Every allowed change.
    const TRANSITIONS: &'static [Transition<Self::State>];

    /// The transition that `command` makes from `state`, when the table has one. A creation is asked with `None`.
    fn transition(
        state: Option<Self::State>,
        command: &str,
    ) -> Option<&'static Transition<Self::State>> {
        Self::TRANSITIONS.iter().find(|t| {
            t.command == command
                && match state {
                    None => t.from.is_empty(),
                    Some(state) => t.from.contains(&state),
                }
        })
    }
}

/// A state machine's table as a Mermaid state diagram.
#[must_use]
pub fn mermaid<M: StateMachine>() -> String {
    use std::fmt::Write as _;
    let mut out = String::from("stateDiagram-v2\n");
    for t in M::TRANSITIONS {
        let label = if t.number == 0 {
            t.action.to_owned()
        } else {
            format!("{} {}", t.number, t.action)
        };
        if t.from.is_empty() {
            _ = writeln!(out, "    [*] --> {}: {label}", t.to);
        }
        for from in t.from {
            _ = writeln!(out, "    {from} --> {}: {label}", t.to);
        }
    }
    out
}

/// A state machine drawn for the docs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagram {
    /// Name of the object: English and Chinese.
    pub name: (&'static str, &'static str),
    /// The table as a Mermaid state diagram.
    pub mermaid: String,
}

impl Diagram {
    /// The diagram of `M`.
    #[must_use]
    pub fn of<M: StateMachine>() -> Self {
        Self {
            name: M::NAME,
            mermaid: mermaid::<M>(),
        }
    }
}
