//! The rules of a county as everything that acts in the register needs them.

use std::sync::Arc;

use domain::access::Matrix;
use domain::calendar::WorkCalendar;
use domain::catalogue::{Catalogue, Titles};
use domain::problem::{Place, Problem};
use domain::recusal::Policy;
use domain::report::rules::ReportRules;
use domain::supervision::following::FollowingRules;
use domain::supervision::rules::SupervisionRules;
use domain::supervision::stepped::rules::SteppedRules;

use crate::actions::matters::Office;
use crate::actions::stepped::Stepped;
use crate::actions::supervision::Bench;

/// Rules and calendar of a county.
#[derive(Debug)]
pub struct Law {
    /// All catalogues.
    pub catalogue: Catalogue,
    /// The common ones alone, where a county has laid its own over them.
    pub common: Option<Catalogue>,
    /// Their SHA-256, in hex.
    pub digest: String,
    /// Working days.
    pub calendar: WorkCalendar,
    /// Who must stay out.
    pub recusal: Vec<Policy>,
    /// Who may do what.
    pub access: Arc<Matrix>,
    /// Doors of reports, and where each leads.
    pub reports: Vec<ReportRules>,
    /// From findings to publications.
    pub supervision: SupervisionRules,
    /// Stepped-up supervision and joint work.
    pub stepped: SteppedRules,
    /// What is handed over, asked for, owed by a post, and evaluated.
    pub following: FollowingRules,
}

impl Law {
    /// From catalogue files, with the overlay of a county where one is named. All problems come at
    /// once; the rules hold what could be read.
    ///
    /// # Errors
    /// A problem when the rules on who must stay out, or may do what, cannot be read.
    pub fn new(
        files: &[(String, String)],
        county: Option<&str>,
    ) -> Result<(Self, Vec<Problem>), Problem> {
        let (catalogue, mut problems) = match county {
            Some(county) => Catalogue::load_for(files, county),
            None => Catalogue::load(files),
        };
        let recusal = files.iter().find(|(path, _)| path == "recusal.toml");
        let recusal = recusal.map(|(path, text)| Policy::parse(path, text)).transpose()?;
        let access = files.iter().find(|(path, _)| path == "access.toml");
        let access = access.map(|(path, text)| Matrix::parse(path, text)).transpose()?;
        let reports = files.iter().find(|(path, _)| path == "reports.toml");
        let reports = reports.map(|(path, text)| ReportRules::parse(path, text)).transpose()?;
        let supervision = files.iter().find(|(path, _)| path == "supervision.toml");
        let supervision =
            supervision.map(|(path, text)| SupervisionRules::parse(path, text)).transpose()?;
        let stepped = files.iter().find(|(path, _)| path == "stepped-up.toml");
        let stepped = stepped.map(|(path, text)| SteppedRules::parse(path, text)).transpose()?;
        let following = files.iter().find(|(path, _)| path == "following.toml");
        let following =
            following.map(|(path, text)| FollowingRules::parse(path, text)).transpose()?;
        let law = Self {
            digest: journal::Hash::of(&catalogue.canonical()).to_hex(),
            calendar: WorkCalendar::new(&catalogue.calendars),
            recusal: recusal.unwrap_or_default(),
            access: Arc::new(access.unwrap_or_default()),
            reports: reports.unwrap_or_default(),
            supervision: supervision.unwrap_or_default(),
            stepped: stepped.unwrap_or_default(),
            following: following.unwrap_or_default(),
            common: county.map(|_| Catalogue::load(files).0),
            catalogue,
        };
        let unknown = law.reports.iter().flat_map(|rules| rules.unknown(&law.catalogue));
        problems.extend(unknown.map(|code| {
            Problem::new("catalogue-report-code", Place::file("reports.toml")).with("detail", code)
        }));
        let unknown = law.supervision.unknown(&law.catalogue);
        problems.extend(unknown.into_iter().map(|code| {
            Problem::new("catalogue-report-code", Place::file("supervision.toml"))
                .with("detail", code)
        }));
        let unknown = law.recusal.iter().flat_map(|policy| policy.unknown(&law.catalogue));
        let named = unknown.map(|code| ("recusal.toml", code));
        let unknown = law.following.unknown(&law.catalogue, &law.supervision);
        let named = named.chain(unknown.into_iter().map(|code| ("following.toml", code)));
        let unknown = law.stepped.unknown(&law.catalogue);
        let named = named.chain(unknown.into_iter().map(|code| ("stepped-up.toml", code)));
        problems.extend(named.map(|(file, code)| {
            Problem::new("catalogue-report-code", Place::file(file)).with("detail", code)
        }));
        Ok((law, problems))
    }

    /// The same with the rules of supervision.
    #[must_use]
    pub fn bench(&self) -> Bench<'_> {
        Bench { office: self.rules(), rules: &self.supervision, following: &self.following }
    }

    /// The same with those of stepped-up supervision and joint work.
    #[must_use]
    pub fn stepped(&self) -> Stepped<'_> {
        Stepped { bench: self.bench(), rules: &self.stepped }
    }

    /// Titles of the codes that rules speak of.
    #[must_use]
    pub fn titles(&self) -> Titles {
        Titles::of(&self.catalogue).and(self.stepped.titles())
    }

    /// The rules as actions want them.
    #[must_use]
    pub fn rules(&self) -> Office<'_> {
        Office {
            catalogue: &self.catalogue,
            digest: &self.digest,
            calendar: &self.calendar,
            recusal: &self.recusal,
        }
    }
}
