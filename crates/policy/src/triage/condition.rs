//! Conditions of rules, in the Common Expression Language (CEL).

use std::sync::Arc;

use cel::{
    Context, Env, IdedExpr, Program, Value,
    common::ast::{EntryExpr, Expr},
};

use super::{TriageInput, words::Found};
use crate::sections::dispute_types::root_of;

/// The variables a condition may use: `text` (string), `type_hint` (string, empty when none was named),
/// `dispute_type` and `dispute_subtype` (first-level code and whole code of the proposed type; empty in rules that
/// propose a type), `party_count` (int), `class`, `source`, `channel` (strings), `amount_fen` (int, 0 when not known),
/// `words` (the words of the pack found in the text) and `lists` (ids of the word lists with a word found).
pub const VARIABLES: &[&str] = &[
    "text",
    "type_hint",
    "dispute_type",
    "dispute_subtype",
    "party_count",
    "class",
    "source",
    "channel",
    "amount_fen",
    "words",
    "lists",
];

/// Functions a condition may call, besides the operators.
const FUNCTIONS: &[&str] = &[
    "contains",
    "double",
    "endsWith",
    "int",
    "matches",
    "size",
    "startsWith",
    "string",
];

/// Why a condition cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// It does not parse.
    #[error("the condition does not parse: {0}")]
    Syntax(String),
    /// It names a variable that does not exist.
    #[error("unknown variable `{0}`; there are: {known}", known = VARIABLES.join(", "))]
    UnknownVariable(String),
    /// It calls a function that does not exist.
    #[error("unknown function `{0}`; there are: {known}", known = FUNCTIONS.join(", "))]
    UnknownFunction(String),
    /// It fails on an ordinary case.
    #[error("the condition cannot be evaluated: {0}")]
    Evaluation(String),
    /// Its value is not true or false.
    #[error("the condition is no yes-or-no question: it yields a {0}")]
    NotBoolean(String),
    /// The pack's words cannot be searched for.
    #[error("the word lists cannot be used: {0}")]
    Words(String),
}

/// A compiled condition.
#[derive(Debug)]
pub(super) struct Condition(Program);

impl Condition {
    /// Parses a condition, checks its names and tries it out.
    pub fn compile(source: &str, env: &Arc<Env>) -> Result<Self, ConditionError> {
        let program = env.compile(source).map_err(|errors| {
            let first = errors.errors.first();
            ConditionError::Syntax(
                first.map_or_else(|| errors.to_string(), |error| error.msg.clone()),
            )
        })?;
        check_names(program.expression(), &mut Vec::new())?;
        let full = Facts::sample();
        check_types(program.expression(), &full.context(env))?;
        let condition = Self(program);
        condition.holds(&Facts::default().context(env))?;
        condition.holds(&full.context(env))?;
        Ok(condition)
    }

    /// Whether it holds.
    pub fn holds(&self, context: &Context<'_, '_>) -> Result<bool, ConditionError> {
        boolean(self.0.execute(context))
    }
}

fn boolean(result: Result<Value, cel::ExecutionError>) -> Result<bool, ConditionError> {
    match result {
        Ok(Value::Bool(value)) => Ok(value),
        Ok(other) => Err(ConditionError::NotBoolean(other.type_of().to_string())),
        Err(error) => Err(ConditionError::Evaluation(error.to_string())),
    }
}

/// Refuses names that nothing defines; `bound` holds the variables of the comprehensions around.
fn check_names<'e>(node: &'e IdedExpr, bound: &mut Vec<&'e str>) -> Result<(), ConditionError> {
    match &node.expr {
        Expr::Ident(name) => {
            let known = name.starts_with('@')
                || VARIABLES.contains(&name.as_str())
                || bound.contains(&name.as_str());
            if !known {
                return Err(ConditionError::UnknownVariable(name.clone()));
            }
        }
        Expr::Call(call) => {
            let name = call.func_name.as_str();
            let operator = !name.starts_with(|c: char| c.is_ascii_alphabetic());
            if !operator && !FUNCTIONS.contains(&name) {
                return Err(ConditionError::UnknownFunction(name.to_owned()));
            }
        }
        Expr::Comprehension(comprehension) => {
            check_names(&comprehension.iter_range, bound)?;
            let outer = bound.len();
            bound.push(&comprehension.iter_var);
            bound.extend(comprehension.iter_var2.as_deref());
            bound.push(&comprehension.accu_var);
            for part in [
                &comprehension.accu_init,
                &comprehension.loop_cond,
                &comprehension.loop_step,
                &comprehension.result,
            ] {
                check_names(part, bound)?;
            }
            bound.truncate(outer);
            return Ok(());
        }
        _ => {}
    }
    children(&node.expr)
        .into_iter()
        .try_for_each(|child| check_names(child, bound))
}

/// Evaluates both sides of every `&&` and `||`, so that a fault is not hidden by the side that decides.
fn check_types(node: &IdedExpr, context: &Context<'_, '_>) -> Result<(), ConditionError> {
    if let Expr::Call(call) = &node.expr
        && matches!(call.func_name.as_str(), "_&&_" | "_||_" | "!_")
    {
        for side in &call.args {
            boolean(context.resolve(side))?;
            check_types(side, context)?;
        }
    }
    Ok(())
}

/// The expressions directly inside one, comprehensions excepted.
fn children(expr: &Expr) -> Vec<&IdedExpr> {
    match expr {
        Expr::Call(call) => call
            .target
            .as_deref()
            .into_iter()
            .chain(&call.args)
            .collect(),
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Select(select) => vec![&select.operand],
        Expr::Map(map) => entries(map.entries.iter().map(|entry| &entry.expr)),
        Expr::Struct(fields) => entries(fields.entries.iter().map(|entry| &entry.expr)),
        Expr::Unspecified | Expr::Comprehension(_) | Expr::Ident(_) | Expr::Literal(_) => {
            Vec::new()
        }
    }
}

fn entries<'e>(entries: impl Iterator<Item = &'e EntryExpr>) -> Vec<&'e IdedExpr> {
    entries
        .flat_map(|entry| match entry {
            EntryExpr::StructField(field) => vec![&field.value],
            EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
        })
        .collect()
}

/// The values of [`VARIABLES`] for one case.
#[derive(Debug, Default)]
pub(super) struct Facts {
    text: String,
    type_hint: String,
    dispute_type: String,
    dispute_subtype: String,
    party_count: i64,
    class: String,
    source: String,
    channel: String,
    amount_fen: i64,
    words: Vec<String>,
    lists: Vec<String>,
}

impl Facts {
    pub fn new(input: &TriageInput, found: &Found) -> Self {
        Self {
            text: input.text.clone(),
            type_hint: input.type_hint.clone().unwrap_or_default(),
            dispute_type: String::new(),
            dispute_subtype: String::new(),
            party_count: i64::from(input.party_count),
            class: input.class.clone(),
            source: input.source.clone(),
            channel: input.channel.clone(),
            amount_fen: input.amount_fen.unwrap_or(0),
            words: found.words.iter().cloned().collect(),
            lists: found.lists.keys().cloned().collect(),
        }
    }

    /// An ordinary case, to try conditions out.
    fn sample() -> Self {
        let text = || "example".to_owned();
        Self {
            text: text(),
            type_hint: text(),
            dispute_type: text(),
            dispute_subtype: text(),
            party_count: 2,
            class: text(),
            source: text(),
            channel: text(),
            amount_fen: 100,
            words: vec![text()],
            lists: vec![text()],
        }
    }

    pub fn set_type(&mut self, code: &str) {
        root_of(code).clone_into(&mut self.dispute_type);
        code.clone_into(&mut self.dispute_subtype);
    }

    pub fn context(&self, env: &Arc<Env>) -> Context<'static, 'static> {
        let mut context = Context::with_env(Arc::clone(env));
        for (name, value) in [
            ("text", &self.text),
            ("type_hint", &self.type_hint),
            ("dispute_type", &self.dispute_type),
            ("dispute_subtype", &self.dispute_subtype),
            ("class", &self.class),
            ("source", &self.source),
            ("channel", &self.channel),
        ] {
            context.add_variable_from_value(name, value.as_str());
        }
        context.add_variable_from_value("party_count", self.party_count);
        context.add_variable_from_value("amount_fen", self.amount_fen);
        context.add_variable_from_value("words", self.words.clone());
        context.add_variable_from_value("lists", self.lists.clone());
        context
    }
}
