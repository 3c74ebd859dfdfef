//! The workbench of the demo county: some of what the screening found, and a year of work on it.

use ::screening::model::Model;
use domain::finding::Finding;
use domain::problem::Failure;
use facts::Folder;
use registry::actions::supervision::models::NewModel;

use crate::commands::{screen, screening};
use crate::demo::DemoOptions;
use crate::demo::office::following::fill as follow;
use crate::demo::office::supervision::{Screened, fill as fill_year};
use crate::figures::code;
use crate::office::{Office, law};
use crate::setting::Setting;

/// Findings of each model that are taken in: enough to fill a year, and quick to write.
const EACH: usize = 14;

/// Fills the workbench.
///
/// # Errors
/// A failure when nothing was screened, or the register refuses.
pub fn fill(
    setting: &Setting,
    folder: &Folder,
    office: &Office,
    options: &DemoOptions,
) -> Result<(), Failure> {
    let (run, found) = screen::latest(folder, &office.dir)?;
    let models = setting.models()?;
    let mut some: Vec<Finding> = Vec::new();
    for model in &models.models {
        let of = found.iter().filter(|f| f.model == model.header.id);
        some.extend(of.take(EACH).cloned());
    }
    // Models side by side in both runs.
    some.sort_by(|a, b| a.key.cmp(&b.key));
    let models: Vec<NewModel> = models.models.iter().map(entered).collect();
    let law = law(setting)?;
    let programmes = screening::programmes(folder, &some)?;
    let (findings, programmes) = (some.as_slice(), &programmes);
    let screened = Screened { run, models: &models, findings, programmes, seed: options.seed };
    office.wait(fill_year(&office.registry, &law, &screened, office.now))?;
    office.wait(follow(&office.registry, &law, office.now.day))?;
    Ok(())
}

/// A model as the register keeps it beside its findings.
pub fn entered(model: &Model) -> NewModel {
    let header = &model.header;
    NewModel {
        id: header.id.clone(),
        version: header.version,
        violation: code(&header.violation),
        severity: code(&header.severity),
        title: header.title.clone(),
        questions: header.next_check.clone(),
    }
}
