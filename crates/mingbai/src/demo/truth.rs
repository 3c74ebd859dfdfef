//! The file of known answers.

use std::io::Write;
use std::path::Path;

use super::world::World;

/// Writes `category,id_number`, sorted, each case once.
pub fn write(world: &World, path: &Path) -> anyhow::Result<()> {
    let mut truth = world.truth.clone();
    truth.sort_unstable();
    truth.dedup();
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "category,id_number")?;
    for (model, subject) in truth {
        writeln!(file, "{model},{subject}")?;
    }
    file.flush()?;
    Ok(())
}
