//! Places by code, by name and by pinyin: some hundreds, kept in memory and read anew at times.

use std::sync::Arc;

use domain::place::Village;
use domain::problem::Failure;
use pinyin::ToPinyin;
use registry::Db;
use registry::queries::public_village::{PlaceHead, places};

use crate::kept::{Kept, Made};

/// How long the list is good, in milliseconds.
const KEEP_MS: i64 = 10_000;
/// Most places that a search shows.
const MOST: usize = 30;

/// A place with the letters by which it is found.
#[derive(Debug, Clone)]
pub struct Known {
    /// The place.
    pub place: PlaceHead,
    /// First letters of its name in pinyin: `lhc`.
    initials: String,
    /// Its name in pinyin: `liuhecun`.
    letters: String,
}

/// All places of the county, in the order of their paths.
#[derive(Debug, Default)]
pub struct Places(Vec<Known>);

impl Places {
    fn of(places: &[PlaceHead]) -> Self {
        Self(places.iter().cloned().map(known).collect())
    }

    /// The county.
    #[must_use]
    pub fn county(&self) -> Option<&PlaceHead> {
        self.0.iter().map(|known| &known.place).find(|place| place.level == "county")
    }

    /// A place by its code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&PlaceHead> {
        self.0.iter().map(|known| &known.place).find(|place| place.id == code)
    }

    /// Name of a place; its code where nobody knows it.
    #[must_use]
    pub fn name<'a>(&'a self, code: &'a str) -> &'a str {
        self.get(code).map_or(code, |place| &place.name)
    }

    /// Places of a level, all or those inside a path.
    pub fn of_level<'a>(
        &'a self,
        level: &'a str,
        path: &'a str,
    ) -> impl Iterator<Item = &'a PlaceHead> {
        let inside = move |place: &&PlaceHead| {
            place.level == level && domain::access::covers(path, &place.path)
        };
        self.0.iter().map(|known| &known.place).filter(inside)
    }

    /// Places of some levels inside paths, as forms offer them: the code, and the name, that of a
    /// village with its township before it.
    #[must_use]
    pub fn choices(&self, paths: &[&str], levels: &[&str]) -> Vec<(String, String)> {
        let mut choices = Vec::new();
        let mut township = "";
        for place in self.0.iter().map(|known| &known.place) {
            if place.level == "township" {
                township = &place.name;
            }
            let inside = paths.iter().any(|path| domain::access::covers(path, &place.path));
            if inside && levels.contains(&place.level.as_str()) {
                let above = if place.level == "village" { township } else { "" };
                choices
                    .push((place.id.clone(), format!("{above} {}", place.name).trim().to_owned()));
            }
        }
        choices
    }

    /// All villages.
    pub fn iter_villages(&self) -> impl Iterator<Item = &PlaceHead> {
        self.0.iter().map(|known| &known.place).filter(|place| place.level == "village")
    }

    /// The village that a file of an agency names: by its code, or by township and name.
    #[must_use]
    pub fn village(&self, named: &Village) -> Option<&PlaceHead> {
        if let Some(place) = named.code.as_deref().and_then(|code| self.get(code)) {
            return Some(place);
        }
        let villages = self.0.iter().map(|known| &known.place).filter(|p| p.level == "village");
        let mut fits = villages.filter(|village| {
            let above = self.above(village).map_or("", |town| town.name.as_str());
            village.name == named.name && (named.township.is_empty() || named.township == above)
        });
        let first = fits.next();
        first.filter(|_| fits.next().is_none())
    }

    /// The place that another lies in.
    #[must_use]
    pub fn above(&self, place: &PlaceHead) -> Option<&PlaceHead> {
        let (above, _) = place.path.rsplit_once('/')?;
        self.0.iter().map(|known| &known.place).find(|place| place.path == above)
    }

    /// Villages and townships by a part of the name, by pinyin or its first letters, or by code.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<&PlaceHead> {
        let wanted = text.trim().to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        let fits = |known: &&Known| {
            known.place.level != "county"
                && (known.place.name.contains(&wanted)
                    || known.initials.starts_with(&wanted)
                    || known.letters.starts_with(&wanted)
                    || known.place.id.starts_with(&wanted))
        };
        self.0.iter().filter(fits).map(|known| &known.place).take(MOST).collect()
    }
}

fn known(place: PlaceHead) -> Known {
    let syllables: Vec<&str> =
        place.name.as_str().to_pinyin().flatten().map(|p| p.plain()).collect();
    let initials = syllables.iter().filter_map(|syllable| syllable.chars().next()).collect();
    Known { initials, letters: syllables.concat(), place }
}

/// The last list.
pub type Cache = Kept<Places>;

/// The places, read anew when the list is too old.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn get(cache: &Cache, db: &Db, now_ms: i64) -> Result<Arc<Places>, Failure> {
    let make = async { Ok(Places::of(&places(db).await?)) };
    let at = Made { ms: now_ms, acts: 0 };
    cache.get(at, |made, _| now_ms - made.ms < KEEP_MS, make).await
}

#[cfg(test)]
mod tests {
    use super::Places;
    use registry::queries::public_village::PlaceHead;

    fn place(id: &str, level: &str, name: &str, path: &str) -> PlaceHead {
        let text = str::to_owned;
        PlaceHead {
            id: text(id),
            level: text(level),
            name: text(name),
            path: text(path),
            from_day: text("2024-01-01"),
        }
    }

    #[test]
    fn a_village_is_found_by_name_letters_and_code() {
        let places = Places::of(&[
            place("990001", "county", "测试县", "990001"),
            place("990001101", "township", "河口镇", "990001/990001101"),
            place("990001101201", "village", "柳河村", "990001/990001101/990001101201"),
            place("990001101202", "village", "石桥村", "990001/990001101/990001101202"),
        ]);
        for wanted in ["柳河", "lhc", "LHC", "liuhe", "990001101201"] {
            let found: Vec<&str> = places.find(wanted).iter().map(|p| p.name.as_str()).collect();
            assert_eq!(found, ["柳河村"], "{wanted}");
        }
        assert!(places.find("  ").is_empty() && places.find("上海").is_empty());
        assert_eq!(places.above(places.get("990001101201").unwrap()).unwrap().name, "河口镇");
        assert_eq!(places.of_level("village", "990001/990001101").count(), 2);
    }

    #[test]
    fn forms_offer_places_where_the_reader_works() {
        let places = Places::of(&[
            place("990001", "county", "测试县", "990001"),
            place("990001101", "township", "河口镇", "990001/990001101"),
            place("990001101201", "village", "柳河村", "990001/990001101/990001101201"),
            place("990001102", "township", "白马乡", "990001/990001102"),
            place("990001102201", "village", "柳河村", "990001/990001102/990001102201"),
        ]);
        let offered = |paths: &[&str], levels: &[&str]| -> Vec<String> {
            places.choices(paths, levels).into_iter().map(|(_, name)| name).collect()
        };
        let all = ["county", "township", "village"];
        // Of two villages of one name each has its township.
        let county = ["测试县", "河口镇", "河口镇 柳河村", "白马乡", "白马乡 柳河村"];
        assert_eq!(offered(&["990001"], &all), county);
        assert_eq!(offered(&["990001/990001102"], &["village"]), ["白马乡 柳河村"]);
        assert_eq!(offered(&["990001", "990001/990001101"], &all), county, "each once");
        assert!(offered(&[], &all).is_empty());
    }
}
