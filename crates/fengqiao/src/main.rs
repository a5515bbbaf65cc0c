//! `fengqiao`: runs a node or one of its services, and everything an operator does to it.

mod cli;
mod commands;
mod demo;
mod local;
mod modules;

use std::process::ExitCode;

use clap::Parser as _;

/// Many small objects of every size, made on one thread and dropped on another: the system's allocator spends twice as long.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The allocator asks for huge pages, of which small objects of many threads fill little: 57 MB more for an idle node. Where
    // the kernel cannot do without, nothing is lost but that.
    _ = rustix::thread::disable_transparent_huge_pages(true);
    let cli = cli::Cli::parse();
    // Connections and background work live on this runtime; HTTP workers and consumers have their own.
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("fengqiao: no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fengqiao: {error:#}");
            ExitCode::FAILURE
        }
    }
}
