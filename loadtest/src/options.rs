//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Load test of a Fengqiao node: plays what departments and clerks do, on a schedule that does not wait for answers, and judges
/// it by thresholds. Exit status: 0 every threshold holds, 1 one is broken, 2 the test could not be run.
#[derive(Debug, Clone, Parser)]
#[command(name = "fengqiao-loadtest", version)]
pub struct Options {
    /// The node. It must be listed as a test target.
    #[arg(
        long,
        default_value = "http://127.0.0.1:8080",
        env = "FENGQIAO_LOADTEST_TARGET"
    )]
    pub target: String,
    /// Tokens of the people who act, one a line. `fengqiao up` writes them.
    #[arg(
        long,
        default_value = ".data/up/tokens.env",
        env = "FENGQIAO_LOADTEST_TOKENS"
    )]
    pub tokens: PathBuf,
    /// What is played: quick, mixed, lifecycle, spike, soak, or a file.
    #[arg(long, default_value = "quick", env = "FENGQIAO_LOADTEST_PLAY")]
    pub play: String,
    /// Multiplies all rates of the play.
    #[arg(long, default_value_t = 1.0, env = "FENGQIAO_LOADTEST_RATE")]
    pub rate: f64,
    /// Multiplies the length of all stages.
    #[arg(long, default_value_t = 1.0, env = "FENGQIAO_LOADTEST_LENGTH")]
    pub length: f64,
    /// The list of test targets; unset: this machine alone.
    #[arg(long, env = "FENGQIAO_LOADTEST_TARGETS")]
    pub targets: Option<PathBuf>,
    /// The thresholds; unset: those built in.
    #[arg(long, env = "FENGQIAO_LOADTEST_THRESHOLDS")]
    pub thresholds: Option<PathBuf>,
    /// Folder for report.html and summary.json.
    #[arg(
        long,
        default_value = "target/loadtest",
        env = "FENGQIAO_LOADTEST_REPORT"
    )]
    pub report: PathBuf,
    /// How long, in seconds, what is missing in the end may still be on its way.
    #[arg(long, default_value_t = 60, env = "FENGQIAO_LOADTEST_PATIENCE")]
    pub patience: u64,
    /// How long, in seconds, the node may take to become ready: it may just be starting or being upgraded.
    #[arg(long, default_value_t = 0, env = "FENGQIAO_LOADTEST_WAIT")]
    pub wait: u64,
    /// Print the summary as one line of JSON instead of tables.
    #[arg(long)]
    pub json: bool,
}
