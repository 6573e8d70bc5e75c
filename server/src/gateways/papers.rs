//! Papers as PDF: hands the cabinet's papers to `kopeck-typeset`, a program that lies beside this one.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cabinet::document::Paper;
use cabinet::ports::{PortError, Renderer};

/// A paper takes tens of milliseconds; a program built without optimisation, a second.
const LONGEST: Duration = Duration::from_secs(20);

/// The typesetter's program.
pub struct Typesetter {
    program: PathBuf,
}

impl Typesetter {
    /// The program beside our own, or where `given` says.
    pub fn new(given: Option<PathBuf>) -> Self {
        let beside = || {
            Some(
                std::env::current_exe()
                    .ok()?
                    .with_file_name("kopeck-typeset"),
            )
        };
        let program = given.or_else(beside).unwrap_or_default();
        if !program.exists() {
            tracing::warn!(program = %program.display(), "no typesetter: documents can't be had as PDF");
        }
        Self { program }
    }
}

impl Renderer for Typesetter {
    fn pdf(&self, paper: &Paper) -> Result<Vec<u8>, PortError> {
        let order = serde_json::json!({
            "template": paper.template,
            "ident": paper.ident,
            "made_at": paper.made_at.timestamp(),
            "data": paper,
        });
        let mut child = Command::new(&self.program)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| PortError(format!("{}: {error}", self.program.display())))?;
        let answer = talk(&mut child, order.to_string().into_bytes());
        // Whatever happened, nobody is left behind.
        let _ = child.kill();
        let _ = child.wait();
        answer
    }
}

/// Gives the order and takes the answer, each pipe by a thread of its own so that none can block another.
fn talk(child: &mut Child, order: Vec<u8>) -> Result<Vec<u8>, PortError> {
    let lost = || PortError("the typesetter has no pipes".into());
    let mut input = child.stdin.take().ok_or_else(lost)?;
    let mut output = child.stdout.take().ok_or_else(lost)?;
    let mut errors = child.stderr.take().ok_or_else(lost)?;
    // A program that ends early has said why on its standard error.
    let giving = thread::spawn(move || drop(input.write_all(&order)));
    let taking = thread::spawn(move || {
        let mut pdf = Vec::new();
        output.read_to_end(&mut pdf).map(|_| pdf)
    });
    let hearing = thread::spawn(move || {
        let mut said = String::new();
        let _ = errors.read_to_string(&mut said);
        said
    });
    let begun = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if begun.elapsed() < LONGEST => thread::sleep(Duration::from_millis(5)),
            Ok(None) => return Err(PortError("the typesetter takes too long".into())),
            Err(error) => return Err(PortError(error.to_string())),
        }
    };
    let _ = giving.join();
    if !status.success() {
        return Err(PortError(hearing.join().unwrap_or_default()));
    }
    match taking.join() {
        Ok(Ok(pdf)) => Ok(pdf),
        _ => Err(PortError("the typesetter's answer was lost".into())),
    }
}
