//! Entry point: hands over to the wiring.

use std::process::ExitCode;

fn main() -> ExitCode {
    monazite::app::main()
}
