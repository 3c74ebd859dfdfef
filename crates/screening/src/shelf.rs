//! Where answers are kept between runs.

use domain::problem::Failure;
use facts::Folder;

/// A place for contents under names. It may lose any of them at any time.
pub trait Shelf {
    /// What was kept under a name.
    ///
    /// # Errors
    /// When it cannot be read.
    fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, Failure>;

    /// Keeps contents under names, if the batches they were made from are still there.
    ///
    /// # Errors
    /// When the disk refuses.
    fn keep(&self, made_from: &[u32], files: &[(String, Vec<u8>)]) -> Result<(), Failure>;
}

impl Shelf for Folder {
    fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        Self::kept(self, name)
    }

    fn keep(&self, made_from: &[u32], files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
        Self::keep(self, made_from, files)
    }
}

/// A shelf on which nothing is found: everything is asked anew, and then kept.
pub struct Anew<'a>(pub &'a dyn Shelf);

impl Shelf for Anew<'_> {
    fn kept(&self, _: &str) -> Result<Option<Vec<u8>>, Failure> {
        Ok(None)
    }

    fn keep(&self, made_from: &[u32], files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
        self.0.keep(made_from, files)
    }
}
