//! Screenings beside the worker: each is a process of the same program. It may be killed at any time; then
//! it is marked, and may be started again.

use std::process::{Child, Command, Stdio};

use domain::problem::{Failure, Fault};
use registry::By;
use registry::actions::supervision::screenings::{self, End};
use registry::jobs::Job;
use registry::queries::supervision::screenings as queries;

use crate::cli::register::{DATABASE, Desk};
use crate::commands::screening;
use crate::office::{Office, present};
use crate::setting::Setting;
use crate::system;

/// The one that runs, if one does.
#[derive(Default)]
pub struct Screener(Option<(Job, Child)>);

impl Screener {
    /// Begins one that was asked for.
    ///
    /// # Errors
    /// When the process cannot be started, or the register refuses.
    pub fn begin(
        &mut self,
        setting: &Setting,
        desk: &Desk,
        office: &Office,
        job: Job,
    ) -> Result<(), Failure> {
        let open = office.wait(queries::open(&office.registry.db))?;
        let waits = open.iter().any(|(id, state)| *id == job.payload && state == "asked");
        if !waits || self.0.is_some() {
            return office.wait(office.registry.finish(&job, Ok(()), present()));
        }
        let mut program = Command::new(system::program()?);
        let common = &setting.common;
        program.arg("--quiet").args(common.lang.iter().flat_map(|lang| ["--lang", lang.as_str()]));
        for (flag, path) in [
            ("--keys", &common.keys),
            ("--catalogues", &common.catalogues),
            ("--models", &common.models),
        ] {
            if let Some(path) = path {
                program.arg(flag).arg(path);
            }
        }
        program.arg("run-screening").arg("--dir").arg(&desk.dir);
        program.args(desk.day.iter().flat_map(|day| ["--day", day.as_str()]));
        // An address may hold a password: everybody on the machine can read the words of a command.
        program.envs(desk.database.iter().map(|address| (DATABASE, address)));
        program.arg(&job.payload).stdin(Stdio::null()).stdout(Stdio::null());
        let child = program.spawn().map_err(|e| Fault::new("start screening", e))?;
        self.0 = Some((job, child));
        Ok(())
    }

    /// Looks after the one that runs, and after those that broke off with another process.
    ///
    /// # Errors
    /// When the register refuses.
    pub fn look(&mut self, desk: &Desk, office: &Office) -> Result<(), Failure> {
        if let Some((job, child)) = &mut self.0 {
            let ended = child.try_wait().map_err(|e| Fault::new("wait for screening", e))?;
            if ended.is_none() {
                return office.wait(office.registry.hold(job, present()));
            }
        }
        let ours = self.0.take();
        if let Some((job, _)) = &ours {
            office.wait(office.registry.finish(job, Ok(()), present()))?;
        }
        for (id, state) in office.wait(queries::open(&office.registry.db))? {
            let own = ours.as_ref().is_some_and(|(job, _)| job.payload == id);
            // Whoever runs one holds the lock until the end of his process.
            if (own || state == "running") && screening::lock(&desk.dir)?.is_some() {
                stopped(office, &id)?;
            }
        }
        Ok(())
    }

    /// Ends the one that runs: the program is told to stop.
    ///
    /// # Errors
    /// When the register refuses.
    pub fn stop(&mut self, desk: &Desk, office: &Office) -> Result<(), Failure> {
        if let Some((_, child)) = &mut self.0 {
            // Gone already is as good.
            let _gone = child.kill();
            let _waited = child.wait();
        }
        self.look(desk, office)
    }
}

fn stopped(office: &Office, id: &str) -> Result<(), Failure> {
    office.wait(async {
        let mut tx = office.registry.begin(By::system(), present(), "screening").await?;
        let entry = screenings::end(&mut tx, id, &End::Stopped).await?;
        tx.commit(entry).await?;
        Ok(())
    })
}
