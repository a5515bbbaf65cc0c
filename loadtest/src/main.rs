//! `fengqiao-loadtest`: see the library.

use std::process::ExitCode;

use clap::Parser as _;
use loadtest::options::Options;

#[tokio::main]
#[expect(
    clippy::print_stdout,
    reason = "what the person at the terminal, or the log of a job, is to read"
)]
async fn main() -> ExitCode {
    let options = Options::parse();
    let summary = match loadtest::run(&options).await {
        Ok(summary) => summary,
        Err(error) => {
            eprintln!("fengqiao-loadtest: {error:#}");
            return ExitCode::from(2);
        }
    };
    if options.json {
        println!("{}", serde_json::to_string(&summary).unwrap_or_default());
    } else {
        for (title, table) in summary.tables(false) {
            println!("\n{title}\n{table}");
        }
        println!(
            "\n{}\nReport: {}",
            summary.verdict(),
            options.report.join("report.html").display()
        );
    }
    match summary.passed {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(1),
    }
}
