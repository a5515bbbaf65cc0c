//! What is wrong with a pack, and where.

use std::fmt;

/// The kind of a fault, for tests and tools; people read [`PackError::reason`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackErrorKind {
    /// A file or directory cannot be read, or does not belong there.
    File,
    /// Not YAML, or the same key twice in a mapping.
    Yaml,
    /// A key the section does not know.
    UnknownKey,
    /// Against the section's JSON Schema.
    Schema,
    /// The schema allows it, the type does not.
    Type,
    /// The same id or code twice in one list.
    DuplicateId,
    /// A lower layer sets what an upper one locked, or a lock names nothing.
    Lock,
    /// A rule's condition does not parse, names an unknown variable or function, or is not a yes-or-no question.
    Condition,
    /// A code that nothing defines, or a rule between values that is broken.
    Reference,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackError {
    /// The file, as found under the pack's directory.
    pub file: String,
    /// 1-based line; 1 when the whole file is meant.
    pub line: u32,
    /// Path of the value: keys, and for list items their id or code: `/clocks/confirmation.apply/amount`.
    pub path: String,
    /// The kind.
    pub kind: PackErrorKind,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for PackError {}

/// Every fault of a pack, in the order of files and lines; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackErrors(Vec<PackError>);

impl PackErrors {
    pub(super) fn new(mut errors: Vec<PackError>) -> Self {
        errors.sort_by(|a, b| (&a.file, a.line, &a.path).cmp(&(&b.file, b.line, &b.path)));
        errors.dedup();
        Self(errors)
    }

    /// The faults.
    #[must_use]
    pub fn errors(&self) -> &[PackError] {
        &self.0
    }
}

impl fmt::Display for PackErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the policy pack cannot be used ({} faults)",
            self.0.len()
        )?;
        for error in &self.0 {
            write!(f, "\n  {error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PackErrors {}
