//! CHANGELOG.md keeps its shape, and says which periods a changed model or catalogue concerns.

use crate::Complaint;
use crate::tree::Tree;

const SECTIONS: &[&str] =
    &["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Catalogues and models"];

/// Checks the file.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Complaint> {
    let path = "CHANGELOG.md";
    let Some(file) = tree.file(path) else {
        return vec![Complaint::new(
            path,
            0,
            "there is none",
            "write one, after keepachangelog.com",
        )];
    };
    let mut complaints = Vec::new();
    let (mut versions, mut in_models, mut periods) = (0_usize, None, false);
    for (at, line) in file.text.lines().enumerate() {
        let mut say =
            |what: String, instead| complaints.push(Complaint::new(path, at + 1, what, instead));
        if at == 0 && line != "# Changelog" {
            say("the title".to_owned(), "begin with `# Changelog`");
        }
        if let Some(version) = line.strip_prefix("## ") {
            versions += 1;
            if !is_version(version) {
                say(format!("`{version}`"), "write `[Unreleased]` or `[1.2.3] - 2026-01-31`");
            }
        }
        if let Some(section) = line.strip_prefix("### ")
            && !SECTIONS.contains(&section)
        {
            say(
                format!("section `{section}`"),
                "use one of Keep-a-Changelog, or `Catalogues and models`",
            );
        }
        if line.starts_with('#') {
            complaints.extend(without_periods(path, in_models, periods));
            in_models = (line == "### Catalogues and models").then_some(at + 1);
            periods = false;
        }
        periods |= line.contains("Periods concerned:");
    }
    complaints.extend(without_periods(path, in_models, periods));
    if versions == 0 {
        complaints.push(Complaint::new(path, 0, "no version", "begin with `## [Unreleased]`"));
    }
    complaints
}

fn without_periods(path: &str, section: Option<usize>, periods: bool) -> Option<Complaint> {
    let line = section.filter(|_| !periods)?;
    let instead = "say `Periods concerned: ...` so that a county knows which runs to repeat";
    Some(Complaint::new(path, line, "no periods", instead))
}

fn is_version(text: &str) -> bool {
    if text == "[Unreleased]" {
        return true;
    }
    let Some((version, day)) = text.split_once(" - ") else { return false };
    let number = version.trim_start_matches('[').trim_end_matches(']');
    let shape: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    version.starts_with('[')
        && version.ends_with(']')
        && number.split('.').count() == 3
        && number.split('.').all(|part| part.parse::<u32>().is_ok())
        && shape == "0000-00-00"
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tree::{Source, Tree};

    fn complaints(text: &str) -> usize {
        check(&Tree { files: vec![Source::new("CHANGELOG.md", text)] }).len()
    }

    #[test]
    fn the_shape_is_kept() {
        assert_eq!(
            complaints(
                "# Changelog\n\n## [Unreleased]\n### Catalogues and models\nPeriods concerned: all.\n"
            ),
            0
        );
        assert_eq!(complaints("# Changelog\n## [1.2.3] - 2026-01-31\n### Added\n- x\n"), 0);
        for bad in [
            "# Changes\n## [Unreleased]\n",
            "# Changelog\n",
            "# Changelog\n## 1.2\n",
            "# Changelog\n## [1.2.3] - soon\n",
            "# Changelog\n## [Unreleased]\n### News\n",
            "# Changelog\n## [Unreleased]\n### Catalogues and models\n- x\n### Added\n",
        ] {
            assert_eq!(complaints(bad), 1, "{bad}");
        }
        assert_eq!(check(&Tree::default()).len(), 1);
    }
}
