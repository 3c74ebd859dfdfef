//! Villages and programmes by the numbers that stored facts hold.
//!
//! New numbers stand in the manifest of the batch that brought them, so the dictionaries are a fold
//! over manifests, withdrawn ones among them: a number never changes its meaning.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use domain::benefit::Benefits;
use domain::place::Village;
use domain::problem::{Failure, Fault, Place, Problem};
use domain::text;
use serde::{Deserialize, Serialize};

use crate::disk;
use crate::manifest::Manifest;

const MAPPED_FILE: &str = "programmes.toml";
/// Numbers below are those of the catalogue.
const FIRST_OWN_PROGRAMME: i32 = 1000;

/// Villages and programmes of a data folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dictionaries {
    /// Places by number.
    pub villages: BTreeMap<i32, Village>,
    /// Programmes that the catalogue did not know, by number, under their own names.
    pub programmes: BTreeMap<i32, String>,
    /// What was said later: number of such a programme, and of the catalogue's.
    pub mapped: BTreeMap<i32, i32>,
    /// Places that one file names by the village alone and another with its township, where only
    /// one township has a village of that name: the poorer number, and the fuller one.
    pub same_village: BTreeMap<i32, i32>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct MappedFile {
    #[serde(default)]
    programmes: BTreeMap<String, String>,
}

impl Dictionaries {
    /// Reads the dictionaries of a data folder.
    pub fn read(dir: &Path, manifests: &[Manifest]) -> Result<Self, Failure> {
        let mut all = Self::default();
        for manifest in manifests {
            let villages = manifest.new_villages.iter();
            all.villages.extend(villages.map(|(number, village)| (*number, village.clone())));
            let programmes = manifest.new_programmes.iter();
            all.programmes.extend(programmes.map(|(number, name)| (*number, name.clone())));
        }
        for (name, code) in mapped_names(dir)?.programmes {
            let target = code.trim_start_matches(|c: char| !c.is_ascii_digit()).parse();
            if let (Some(own), Ok(target)) = (all.own_programme(&name), target) {
                all.mapped.insert(own, target);
            }
        }
        all.same_village = same_village(&all.villages);
        Ok(all)
    }

    /// The list of programme names mapped by hand.
    pub(crate) fn mapped_file(dir: &Path) -> PathBuf {
        dir.join(MAPPED_FILE)
    }

    /// The programme that a stored number means by now.
    #[must_use]
    pub fn programme(&self, number: i32) -> i32 {
        self.mapped.get(&number).copied().unwrap_or(number)
    }

    /// The place that a stored number means by now.
    #[must_use]
    pub fn village(&self, number: i32) -> i32 {
        self.same_village.get(&number).copied().unwrap_or(number)
    }

    /// How a place is printed; empty for an unknown number.
    #[must_use]
    pub fn village_path(&self, number: i32) -> String {
        self.villages.get(&self.village(number)).map(Village::path).unwrap_or_default()
    }

    /// The number of a programme under its own name.
    fn own_programme(&self, name: &str) -> Option<i32> {
        let wanted = text::folded(name);
        let same = |(_, known): &(&i32, &String)| text::folded(known) == wanted;
        self.programmes.iter().find(same).map(|(number, _)| *number)
    }

    /// Says which programme of the catalogue a name means.
    pub(crate) fn map(
        &self,
        dir: &Path,
        name: &str,
        code: &str,
        benefits: &Benefits,
    ) -> Result<(), Failure> {
        let Some(benefit) = benefits.items.iter().find(|b| b.code.eq_ignore_ascii_case(code))
        else {
            let problem = Problem::new("programme-code-unknown", Place::default());
            return Err(problem.with("code", code).into());
        };
        let Some(own) = self.own_programme(name).and_then(|n| self.programmes.get(&n)) else {
            let problem = Problem::new("programme-name-unknown", Place::default());
            return Err(problem.with("name", name).into());
        };
        let mut file = mapped_names(dir)?;
        file.programmes.insert(own.clone(), benefit.code.clone());
        let text = toml::to_string(&file).map_err(|e| Fault::new("write programmes", e))?;
        disk::replace(&Self::mapped_file(dir), text.as_bytes())
    }
}

fn mapped_names(dir: &Path) -> Result<MappedFile, Failure> {
    let path = Dictionaries::mapped_file(dir);
    let Some(text) = disk::read_if_there(&path)? else { return Ok(MappedFile::default()) };
    toml::from_str(&text).map_err(|e| {
        let place = Place::file(path.display().to_string());
        Problem::new("settings-damaged", place).with("detail", e.message()).into()
    })
}

fn same_village(villages: &BTreeMap<i32, Village>) -> BTreeMap<i32, i32> {
    let mut full: HashMap<&str, Vec<i32>> = HashMap::new();
    for (number, village) in villages.iter().filter(|(_, v)| !v.township.is_empty()) {
        full.entry(&village.name).or_default().push(*number);
    }
    let bare = villages.iter().filter(|(_, v)| v.township.is_empty() && v.code.is_none());
    bare.filter_map(|(number, village)| match full.get(village.name.as_str())?.as_slice() {
        [only] => Some((*number, *only)),
        _ => None,
    })
    .collect()
}

/// Gives numbers to the places and programmes of one file.
#[derive(Debug, Default)]
pub struct Numbering {
    known: Dictionaries,
    villages: HashMap<Village, i32>,
    programmes: HashMap<String, i32>,
    /// Places that are new with this file.
    pub new_villages: BTreeMap<i32, Village>,
    /// Programmes that are new with this file.
    pub new_programmes: BTreeMap<i32, String>,
}

impl Numbering {
    /// Starts from what the data folder knows.
    pub fn new(known: Dictionaries) -> Self {
        let villages = known.villages.iter().map(|(n, v)| (v.clone(), *n)).collect();
        let programmes = known.programmes.iter().map(|(n, p)| (text::folded(p), *n)).collect();
        Self { known, villages, programmes, ..Self::default() }
    }

    /// The number of a place. Call for all places of a file in ascending order, so that numbers
    /// do not depend on which thread met a place first.
    pub fn village(&mut self, village: &Village) -> i32 {
        if let Some(number) = self.villages.get(village) {
            return *number;
        }
        let number = next(self.villages.values(), 1);
        self.villages.insert(village.clone(), number);
        self.new_villages.insert(number, village.clone());
        number
    }

    /// The number of a programme; call in ascending order of names.
    pub fn programme(&mut self, name: &str, benefits: &Benefits) -> i32 {
        if let Some((benefit, _)) = benefits.recognise(name) {
            return benefit.number();
        }
        let folded = text::folded(name);
        if let Some(number) = self.programmes.get(&folded) {
            return *number;
        }
        let number = next(self.programmes.values(), FIRST_OWN_PROGRAMME);
        self.programmes.insert(folded, number);
        self.new_programmes.insert(number, name.to_owned());
        number
    }

    /// The programme that a number means by now.
    pub fn now(&self, number: i32) -> i32 {
        self.known.programme(number)
    }

    /// The own name of a programme that neither the catalogue knows nor anybody has mapped.
    pub fn unmatched(&self, number: i32) -> Option<&str> {
        let name = self.new_programmes.get(&number).or_else(|| self.known.programmes.get(&number));
        name.filter(|_| !self.known.mapped.contains_key(&number)).map(String::as_str)
    }
}

fn next<'a>(taken: impl Iterator<Item = &'a i32>, first: i32) -> i32 {
    taken.max().map_or(first, |last| last + 1).max(first)
}

#[cfg(test)]
mod tests {
    use super::{Dictionaries, Numbering, same_village};
    use domain::benefit::Benefits;
    use domain::place::Village;

    fn village(township: &str, name: &str) -> Village {
        Village { code: None, township: township.to_owned(), name: name.to_owned() }
    }

    #[test]
    fn a_bare_village_is_the_only_one_of_its_name() {
        let villages =
            [("柳溪镇", "青石村"), ("", "青石村"), ("白马乡", "河口村"), ("柳溪镇", "河口村")];
        let mut all: std::collections::BTreeMap<i32, Village> =
            villages.iter().zip(1..).map(|((t, n), number)| (number, village(t, n))).collect();
        all.insert(5, village("", "河口村"));
        assert_eq!(same_village(&all).into_iter().collect::<Vec<_>>(), [(2, 1)]);
    }

    #[test]
    fn numbers_go_on_where_the_folder_stopped() {
        let known = Dictionaries {
            villages: [(1, village("柳溪镇", "青石村"))].into(),
            programmes: [(1000, "孤儿慰问金".to_owned())].into(),
            ..Dictionaries::default()
        };
        let mut numbering = Numbering::new(known);
        assert_eq!(numbering.village(&village("柳溪镇", "青石村")), 1);
        assert_eq!(numbering.village(&village("柳溪镇", "河口村")), 2);
        let none = Benefits::default();
        assert_eq!(numbering.programme("孤儿 慰问金", &none), 1000);
        assert_eq!(numbering.programme("春节走访", &none), 1001);
        assert_eq!(numbering.unmatched(1001), Some("春节走访"));
        assert_eq!(numbering.new_programmes.len(), 1);
    }
}
