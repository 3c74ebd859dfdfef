//! ID numbers, names and accounts as one reading thread meets them: each is kept once.

use exchange::block::Texts;

use crate::keys::{Keyed, Sort};
use crate::quick::{QuickMap, mixed};

/// The keys of a column, and the texts that they stand for.
pub type Noted<'a> = (Sort, &'a [Keyed], &'a Texts);

/// Texts met, by key.
#[derive(Debug, Default)]
pub struct Seen {
    /// Key to part of the other half of the hash, which tells two texts apart that share the key,
    /// and the place of the text. Small, since there are as many as people.
    pub places: QuickMap<u64, (u32, u32)>,
    /// The texts.
    pub texts: Texts,
    /// Whether two texts shared a key.
    pub collided: bool,
}

/// All that a vault has to keep.
#[derive(Debug, Default)]
pub struct Identities {
    /// ID numbers.
    pub people: Seen,
    /// Names.
    pub names: Seen,
    /// Accounts.
    pub accounts: Seen,
    /// What stood last in the row of a person, by key: nearly all rows repeat it, and need this one
    /// look-up instead of one for every identity in them.
    together: QuickMap<u64, u64>,
}

impl Identities {
    /// Takes up the identities of some rows; `main` are the keys of whom the rows are about, where
    /// the file says it.
    pub fn note(&mut self, main: Option<&[Keyed]>, columns: &[Noted<'_>]) {
        let rows = columns.first().map_or(0, |(_, keyed, _)| keyed.len());
        let fresh = match main {
            Some(main) => self.fresh(main, columns),
            None => (0..rows).collect(),
        };
        for (sort, keyed, texts) in columns {
            match sort {
                Sort::Person => self.people.note(keyed, texts, &fresh),
                Sort::Name => self.names.note(keyed, texts, &fresh),
                Sort::Account => self.accounts.note(keyed, texts, &fresh),
                _ => {}
            }
        }
    }

    /// Rows whose identities did not stand together in the last row of the same person.
    fn fresh(&mut self, main: &[Keyed], columns: &[Noted<'_>]) -> Vec<usize> {
        let mark = |at: usize| {
            let keyed = columns.iter().filter_map(|(_, keyed, _)| keyed.get(at));
            keyed.fold(0, |mark, keyed| mixed(mixed(mark, keyed.key), keyed.check))
        };
        let mut fresh = Vec::new();
        // Nothing but look-ups in this loop, so that the processor waits for many at once.
        for (at, person) in main.iter().enumerate() {
            let mark = mark(at);
            if person.key == 0 || self.together.get(&person.key) != Some(&mark) {
                fresh.push((at, person.key, mark));
            }
        }
        let place = |(at, person, mark)| {
            self.together.insert(person, mark);
            at
        };
        fresh.into_iter().map(place).collect()
    }
}

impl Seen {
    /// Takes up the texts of some rows of a column with their keys; 0 stands for a missing one.
    fn note(&mut self, keyed: &[Keyed], texts: &Texts, rows: &[usize]) {
        let mut new = Vec::new();
        let rows = rows.iter().filter_map(|at| Some((*at, keyed.get(*at)?)));
        for (at, keyed) in rows.filter(|(_, keyed)| keyed.key != 0) {
            match self.places.get(&keyed.key) {
                Some((check, _)) => self.collided |= *check != keyed.half(),
                None => new.push((at, keyed)),
            }
        }
        for (at, keyed) in new {
            let free = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
            let (check, place) = *self.places.entry(keyed.key).or_insert((keyed.half(), free));
            self.collided |= check != keyed.half();
            if place == free {
                self.texts.push(texts.get(at));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use exchange::block::Texts;
    use proptest::prelude::*;

    use super::{Identities, Seen};
    use crate::keys::{Keyed, Keys, Sort};

    fn column(keys: &Keys, sort: Sort, values: &[String]) -> (Vec<Keyed>, Texts) {
        let mut texts = Texts::default();
        values.iter().for_each(|text| texts.push(text));
        let none = Keyed { key: 0, check: 0 };
        let keyed = |text: &String| if text.is_empty() { none } else { keys.keyed(sort, text) };
        (values.iter().map(keyed).collect(), texts)
    }

    fn kept(seen: &Seen) -> BTreeSet<String> {
        assert_eq!(seen.places.len(), seen.texts.len(), "each once");
        seen.texts.iter().map(str::to_owned).collect()
    }

    proptest! {
        #[test]
        fn every_text_is_kept_once(
            rows in prop::collection::vec(("[ab]?", "[cd]?", "[e-g]?"), 0..60),
            cut in 0_usize..60,
            is_named in any::<bool>(),
        ) {
            let keys = Keys::fixed();
            let mut met = Identities::default();
            let (first, second) = rows.split_at(cut.min(rows.len()));
            for block in [first, second] {
                let texts = |of: fn(&(String, String, String)) -> &String| {
                    block.iter().map(|row| of(row).clone()).collect::<Vec<_>>()
                };
                let (people, people_texts) = column(&keys, Sort::Person, &texts(|r| &r.0));
                let (names, name_texts) = column(&keys, Sort::Name, &texts(|r| &r.1));
                let (accounts, account_texts) = column(&keys, Sort::Account, &texts(|r| &r.2));
                met.note(is_named.then_some(people.as_slice()), &[
                    (Sort::Person, &people, &people_texts),
                    (Sort::Name, &names, &name_texts),
                    (Sort::Account, &accounts, &account_texts),
                ]);
            }
            let all = |of: fn(&(String, String, String)) -> &String| -> BTreeSet<String> {
                rows.iter().map(of).filter(|text| !text.is_empty()).cloned().collect()
            };
            prop_assert_eq!(kept(&met.people), all(|r| &r.0));
            prop_assert_eq!(kept(&met.names), all(|r| &r.1));
            prop_assert_eq!(kept(&met.accounts), all(|r| &r.2));
            prop_assert!(!met.people.collided && !met.names.collided);
        }
    }

    #[test]
    fn two_texts_of_one_key_are_noticed() {
        let (_, texts) = column(&Keys::fixed(), Sort::Name, &["a".into(), "b".into()]);
        let keyed = [Keyed { key: 7, check: 1 }, Keyed { key: 7, check: 2 }];
        let mut met = Identities::default();
        met.note(Some(&keyed), &[(Sort::Person, &keyed, &texts)]);
        assert!(met.people.collided);
        assert_eq!(met.people.texts.len(), 1);
    }
}
