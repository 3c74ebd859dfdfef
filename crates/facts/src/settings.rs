//! `mingbai.toml`: what a data folder says about itself.

use std::path::{Path, PathBuf};

use domain::problem::{Failure, Fault, Place, Problem};
use serde::{Deserialize, Serialize};

use crate::disk;
use crate::manifest::SCHEMA_VERSION;

const FILE: &str = "mingbai.toml";

/// Settings of a data folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Version of the layout.
    pub schema_version: u32,
    /// Name of the county.
    pub county: String,
    /// A text that only the right keys give.
    pub key_check: String,
    /// Where the keys lie, unless beside the folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<PathBuf>,
}

impl Settings {
    /// Reads the settings of a folder.
    pub fn read(dir: &Path) -> Result<Self, Failure> {
        let place = || Place::file(dir.display().to_string());
        let Some(text) = disk::read_if_there(&dir.join(FILE))? else {
            return Err(Problem::new("not-a-data-folder", place()).into());
        };
        let settings: Self = toml::from_str(&text)
            .map_err(|e| Problem::new("settings-damaged", place()).with("detail", e.message()))?;
        if settings.schema_version > SCHEMA_VERSION {
            return Err(Problem::new("folder-too-new", place()).into());
        }
        Ok(settings)
    }

    /// Writes the settings of a folder.
    pub fn write(&self, dir: &Path) -> Result<(), Failure> {
        let text = toml::to_string(self).map_err(|e| Fault::new("write settings", e))?;
        disk::replace(&dir.join(FILE), text.as_bytes())
    }
}
