//! Builds again when a file is added to the pack that goes into the program.

fn main() {
    for folder in ["default", "regions", "reference/calendar", "schema"] {
        println!("cargo::rerun-if-changed=../../policies/{folder}");
    }
}
