//! The places of the county.

use domain::place::Village;

use super::names;

/// Division code of the made-up county.
pub const DIVISION: &str = "990426";
/// Its name.
pub const COUNTY: &str = "清源县";

/// A village.
#[derive(Debug, Clone)]
pub struct Place {
    /// Township number.
    pub township: usize,
    /// Township and village name.
    pub village: Village,
    /// 12-digit code.
    pub code: String,
    /// What it shows, when it is chosen for a case or look-alike of a model that judges villages.
    pub staged: Option<Stage>,
}

/// What a chosen village shows. Persons' cases keep away from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Far more aid per head, and money that lies long at the township.
    Rich,
    /// A little more aid per head, and money that comes just in time.
    RichAlike,
    /// Round amounts, and a list that never changes.
    Stiff,
    /// A few round amounts, and a list that hardly changes.
    StiffAlike,
}

/// How many villages of each stage a county has.
fn stages(villages: usize) -> usize {
    (villages / 36).max(3)
}

/// All villages, township by township.
pub fn places(villages: usize, townships: usize) -> Vec<Place> {
    let townships = townships.clamp(1, villages.max(1));
    let mut places = Vec::with_capacity(villages);
    for at in 0..villages {
        let township = at * townships / villages;
        let first = (township * villages).div_ceil(townships);
        let code = format!("{DIVISION}{:03}{:03}", 101 + township, 201 + at - first);
        let village =
            Village { code: None, township: names::township(township), name: names::village(at) };
        places.push(Place { township, village, code, staged: None });
    }
    stage(&mut places);
    places
}

/// Chooses villages for the stages, spread over the county.
fn stage(places: &mut [Place]) {
    let order = [Stage::Rich, Stage::RichAlike, Stage::Stiff, Stage::StiffAlike];
    let wanted = stages(places.len()) * order.len();
    let step = (places.len() / wanted.max(1)).max(1);
    let chosen = places.iter_mut().skip(step / 2).step_by(step).take(wanted);
    for (place, stage) in chosen.zip(order.into_iter().cycle()) {
        place.staged = Some(stage);
    }
}

#[cfg(test)]
mod tests {
    use super::{Stage, places};
    use domain::place::Village;
    use std::collections::BTreeSet;

    #[test]
    fn every_village_has_its_own_path_and_code_and_reads_back() {
        let places = places(297, 17);
        let paths: BTreeSet<String> = places.iter().map(|p| p.village.path()).collect();
        let codes: BTreeSet<&str> = places.iter().map(|p| p.code.as_str()).collect();
        assert_eq!((paths.len(), codes.len()), (297, 297));
        assert!(codes.iter().all(|c| c.len() == 12));
        for place in &places {
            assert_eq!(Village::read("", &place.village.path()).as_ref(), Some(&place.village));
        }
        assert_eq!(places.last().map(|p| p.township), Some(16));
        for stage in [Stage::Rich, Stage::RichAlike, Stage::Stiff, Stage::StiffAlike] {
            assert_eq!(places.iter().filter(|p| p.staged == Some(stage)).count(), 8);
        }
    }
}
