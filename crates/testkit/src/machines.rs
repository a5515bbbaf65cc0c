//! Random walks over objects with states: no sequence of commands leaves their tables.
//!
//! A service implements [`Walk`] for what it stores, walks, and proves with [`complete`] that none of its machines was forgotten.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use anyhow::{Result, anyhow, ensure};
use chassis::service::ServiceModule;
use contracts::lifecycle::StateMachine;
use proptest::{
    arbitrary::any,
    collection::vec,
    sample::Index,
    strategy::Strategy,
    test_runner::{Config, TestCaseError, TestRunner},
};

/// What a step brings about that is no command of a table: another service's word.
pub const GIVEN: &str = "(given)";

/// Sequences in a round, and how many rounds there are at most until everything was reached.
const CASES: u32 = 64;
const ROUNDS: u32 = 400;
/// The longest sequence.
const STEPS: usize = 24;
/// How many worlds in the same states later sequences begin in.
const FIRST: usize = 4;

/// Objects that commands change, as a service keeps them.
pub trait Walk: Clone + fmt::Debug {
    /// A command with everything a caller chooses in it.
    type Command: Clone + fmt::Debug;
    /// Why a command is refused.
    type Refusal: fmt::Debug;
    /// The commands that [`Walk::begin`] has given already.
    const BEGINS_WITH: &'static [&'static str] = &[];
    /// Commands of the tables that are not walked here.
    const LEAVES_OUT: &'static [&'static str] = &[];

    /// The tables that are walked.
    fn tables() -> Vec<Table>;

    /// Any command.
    fn commands() -> impl Strategy<Value = Self::Command>;

    /// What there is at first.
    fn begin() -> Self;

    /// Does what the handler of the command does, with the functions it does it with. Gives the names of the tables' commands that this
    /// came to, [`GIVEN`], or nothing when nothing was done.
    ///
    /// # Errors
    /// The refusal.
    fn apply(&mut self, command: &Self::Command) -> Result<Vec<&'static str>, Self::Refusal>;

    /// The objects there are.
    fn objects(&self) -> Vec<Object>;

    /// Panics unless everything is as it must be in whatever states the objects are.
    fn check(&self) {}
}

/// A machine's table, its states as text.
#[derive(Debug, Clone)]
pub struct Table {
    name: &'static str,
    arrows: Vec<Arrow>,
}

#[derive(Debug, Clone)]
struct Arrow {
    command: &'static str,
    from: Option<String>,
    to: String,
}

impl Table {
    /// The table of `M`.
    #[must_use]
    pub fn of<M: StateMachine>() -> Self {
        let arrows = M::TRANSITIONS.iter().flat_map(|transition| {
            let arrow = |from: Option<&M::State>| Arrow {
                command: transition.command,
                from: from.map(ToString::to_string),
                to: transition.to.to_string(),
            };
            let created = transition.from.is_empty().then(|| arrow(None));
            let moved = transition.from.iter().map(move |from| arrow(Some(from)));
            created.into_iter().chain(moved)
        });
        Self {
            name: M::NAME.0,
            arrows: arrows.collect(),
        }
    }

    /// The commands among `names` that lead from one state to the other, one after another; `None` when there is no way.
    fn way(&self, names: &[&str], from: Option<&str>, to: &str) -> Option<Vec<&'static str>> {
        let mut ways = vec![(from.map(str::to_owned), Vec::new())];
        let mut next = 0;
        while let Some((at, taken)) = ways.get(next).cloned() {
            next += 1;
            let leave = |arrow: &&Arrow| arrow.from == at && names.contains(&arrow.command);
            for arrow in self.arrows.iter().filter(leave) {
                let taken = [taken.as_slice(), &[arrow.command]].concat();
                if arrow.to == to {
                    return Some(taken);
                }
                let reached = Some(arrow.to.clone());
                if ways.iter().all(|(known, _)| *known != reached) {
                    ways.push((reached, taken));
                }
            }
        }
        // A command of another object, which leaves this one as it is.
        (from == Some(to)).then(Vec::new)
    }
}

/// An object in its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    machine: &'static str,
    key: String,
    state: String,
}

impl Object {
    /// An object of `M`; `key` tells it from others.
    pub fn of<M: StateMachine>(key: impl fmt::Display, state: M::State) -> Self {
        Self {
            machine: M::NAME.0,
            key: key.to_string(),
            state: state.to_string(),
        }
    }
}

/// The machines of a walk that was made.
#[derive(Debug, Clone)]
pub struct Walked(Vec<&'static str>);

/// Where a sequence begins, and the commands that led there.
#[derive(Debug, Clone)]
struct Start<W: Walk> {
    world: W,
    by: Vec<W::Command>,
}

/// What the sequences have come to so far.
#[derive(Debug)]
struct Seen<W: Walk> {
    tables: Vec<Table>,
    states: BTreeSet<(&'static str, String)>,
    commands: BTreeSet<&'static str>,
    /// How often sequences came to these states of everything there is, and the worlds that did so first.
    together: BTreeMap<BTreeSet<(&'static str, String)>, usize>,
    starts: Vec<Start<W>>,
}

/// Walks: every accepted command makes a step that the tables have, a refused one changes nothing, and the sequences come to every state by
/// every command. They begin at the beginning, and where earlier ones came to something new: what lies deep is reached soon.
///
/// # Errors
/// The shortest sequence that leaves the tables, or what was never reached.
pub fn walk<W: Walk>() -> Result<Walked> {
    let seen = RefCell::new(Seen::<W>::begin().map_err(|fault| anyhow!(fault))?);
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let mut missing = Vec::new();
    for _ in 0..ROUNDS {
        // One that has run its cases runs no more.
        let mut runner = TestRunner::new(config.clone());
        let starts = seen.borrow().starts.clone();
        let sequences = (any::<Index>(), vec(W::commands(), 1..STEPS));
        let walked = runner.run(&sequences, |(at, commands)| {
            let start = at.get(&starts);
            let walked = seen.borrow_mut().sequence(start, &commands);
            walked.map_err(|fault| TestCaseError::fail(format!("after {:?}: {fault}", start.by)))
        });
        walked.map_err(|failure| anyhow!("{failure}"))?;
        missing = seen.borrow().missing();
        if missing.is_empty() {
            let walked = W::tables().into_iter().map(|table| table.name);
            return Ok(Walked(walked.collect()));
        }
    }
    Err(anyhow!("no sequence came to: {}", missing.join(", ")))
}

/// Holds the walks against the machines of a service, which its diagrams are drawn of.
///
/// # Errors
/// The machines that no walk is about.
pub fn complete<S: ServiceModule>(walks: &[Walked]) -> Result<()> {
    let drawn = S::diagrams().into_iter().map(|diagram| diagram.name.0);
    let drawn: BTreeSet<_> = drawn.collect();
    let walked: BTreeSet<_> = walks.iter().flat_map(|walk| walk.0.clone()).collect();
    ensure!(drawn == walked, "drawn: {drawn:?}, walked: {walked:?}");
    Ok(())
}

impl<W: Walk> Seen<W> {
    fn begin() -> Result<Self, String> {
        let world = W::begin();
        world.check();
        let mut seen = Self {
            tables: W::tables(),
            states: BTreeSet::new(),
            commands: BTreeSet::new(),
            together: BTreeMap::new(),
            starts: Vec::new(),
        };
        seen.step(&[], &world.objects(), W::BEGINS_WITH)?;
        seen.starts.push(Start {
            world,
            by: Vec::new(),
        });
        Ok(seen)
    }

    fn sequence(&mut self, start: &Start<W>, commands: &[W::Command]) -> Result<(), String> {
        let Start { mut world, mut by } = start.clone();
        // Of the world as the last accepted command left it.
        let mut as_text = None;
        for command in commands {
            let before = world.clone();
            by.push(command.clone());
            match world.apply(command) {
                Ok(names) => {
                    let after = world.objects();
                    let step = self.step(&before.objects(), &after, &names);
                    step.map_err(|fault| format!("{command:?}: {fault}"))?;
                    world.check();
                    let states = after
                        .into_iter()
                        .map(|object| (object.machine, object.state));
                    let times = self.together.entry(states.collect()).or_default();
                    *times += 1;
                    if *times <= FIRST {
                        let (world, by) = (world.clone(), by.clone());
                        self.starts.push(Start { world, by });
                    }
                    as_text = None;
                }
                Err(refusal) => {
                    let before = as_text.get_or_insert_with(|| format!("{before:?}"));
                    if *before != format!("{world:?}") {
                        return Err(format!("{command:?} is refused ({refusal:?}) and changes"));
                    }
                }
            }
        }
        Ok(())
    }

    /// One step of everything there is.
    fn step(
        &mut self,
        before: &[Object],
        after: &[Object],
        names: &[&'static str],
    ) -> Result<(), String> {
        let same =
            |one: &Object, other: &Object| (one.machine, &one.key) == (other.machine, &other.key);
        let gone = |was: &&Object| !after.iter().any(|is| same(was, is));
        if let Some(lost) = before.iter().find(gone) {
            return Err(format!("{lost:?} is gone"));
        }
        let mut taken = Vec::new();
        for is in after {
            self.states.insert((is.machine, is.state.clone()));
            let was = before.iter().find(|was| same(was, is));
            let was = was.map(|was| was.state.as_str());
            let table = self.tables.iter().find(|table| table.name == is.machine);
            let table = table.ok_or_else(|| format!("{is:?} is of no table of the walk"))?;
            match table.way(names, was, &is.state) {
                Some(way) => taken.extend(way),
                None if names.contains(&GIVEN) => {}
                None => return Err(format!("{names:?} does not lead from {was:?} to {is:?}")),
            }
        }
        if taken.is_empty() && names.iter().any(|name| *name != GIVEN) {
            return Err(format!("{names:?} is no command in {before:?}"));
        }
        self.commands.extend(taken);
        Ok(())
    }

    /// States and commands of the tables that no sequence came to.
    fn missing(&self) -> Vec<String> {
        let mut missing = BTreeSet::new();
        for table in &self.tables {
            let walked = |arrow: &&Arrow| !W::LEAVES_OUT.contains(&arrow.command);
            for Arrow { command, to, .. } in table.arrows.iter().filter(walked) {
                if !self.commands.contains(command) {
                    missing.insert(format!("{command} of {}", table.name));
                }
                if !self.states.contains(&(table.name, to.clone())) {
                    missing.insert(format!("{to} of {}", table.name));
                }
            }
        }
        missing.into_iter().collect()
    }
}
