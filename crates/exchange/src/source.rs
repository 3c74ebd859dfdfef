//! One opened and sniffed file.

use std::path::{Path, PathBuf};

use domain::problem::{Failure, Fault};

/// What a file may cost before it is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest record of a text file.
    pub max_line_bytes: usize,
    /// Workbooks: all parts unpacked.
    pub max_unpacked_bytes: u64,
    /// Workbooks: unpacked to packed, of any part beyond a mebibyte.
    pub max_ratio: u64,
    /// Columns of a sheet.
    pub max_columns: usize,
    /// XLS files are held in memory, so they have a smaller size.
    pub max_xls_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_line_bytes: 16 << 20,
            max_unpacked_bytes: 3 << 29,
            max_ratio: 500,
            max_columns: 1024,
            max_xls_bytes: 256 << 20,
        }
    }
}

/// One sheet of a source. A text file has one, without a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the worksheet; empty for text files.
    pub name: String,
    /// The first 40 rows as text, merged cells filled.
    pub head: Vec<Vec<String>>,
    /// Rows, where the file says so beforehand.
    pub rows: Option<u32>,
}

/// One opened and sniffed file.
#[derive(Debug)]
pub struct Source {
    name: String,
    path: PathBuf,
    bytes: u64,
    sheets: Vec<Sheet>,
}

impl Source {
    /// Opens a file and sniffs it by content, not by extension.
    ///
    /// # Errors
    /// A problem with the file, in one code.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, Failure> {
        let _limits = limits;
        Err(Fault::new("open source", path.display()).into())
    }

    /// File name without folder, as shown to people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the file lies; the bare name for bytes in memory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Size of the file.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Its sheets with their heads.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }
}
