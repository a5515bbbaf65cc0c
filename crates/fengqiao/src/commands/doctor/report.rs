//! The lines.

use std::fmt::Display;

use anyhow::{Result, bail};

/// What was found so far.
#[derive(Default)]
pub struct Report {
    warnings: usize,
    failed: usize,
}

impl Report {
    /// It is well.
    pub fn ok(&mut self, what: &str, found: impl Display) {
        line("ok", what, &found.to_string());
    }

    /// It works, but somebody should look.
    pub fn warning(&mut self, what: &str, found: impl Display, to_do: &str) {
        self.warnings += 1;
        line("warning", what, &format!("{found} → {to_do}"));
    }

    /// It does not work.
    pub fn failed(&mut self, what: &str, found: impl Display, to_do: &str) {
        self.failed += 1;
        line("failed", what, &format!("{found:#} → {to_do}"));
    }

    /// An error when something failed.
    pub fn end(self) -> Result<()> {
        if self.failed > 0 {
            bail!("{} failed, {} warnings", self.failed, self.warnings);
        }
        eprintln!("nothing failed, {} warnings", self.warnings);
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn line(state: &str, what: &str, text: &str) {
    // One line each, whatever an error says.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    println!("{state:8} {what:42} {text}");
}
