//! Whether somebody is the person he says, found out with the same work for right and wrong.
//!
//! Every batch gives its records around the person's key and two blocks of names; then two blocks
//! are opened for each of [`CARDS`] cards. Where a person has fewer cards, or nobody has the number,
//! other keys are looked up in their place, as far apart as those of people. Of a batch in which a
//! person has more than 64 rows, the first 64 or more give cards.

use std::sync::Arc;

use domain::ids::{IdNumber, IdQuality, read_account};
use domain::name;
use domain::problem::Failure;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use super::Part;
use super::shown::{LastFour, PAYMENTS, account};
use crate::keys::{Keyed, Keys, Sort};

/// Cards that are tried, the latest first.
const CARDS: usize = 8;

/// What somebody states, as keys: the texts are gone.
pub struct Stated {
    /// Key of the ID number.
    pub person: u64,
    name: Keyed,
    last_four: LastFour,
    /// Whether all three have their form.
    formed: Choice,
}

/// A card to look up, with the batch that holds it.
struct Card<'a> {
    part: &'a Part,
    account: u64,
    real: Choice,
}

impl Stated {
    /// Takes up what somebody states.
    pub fn read(keys: &Keys, id_number: &str, name: &str, last_four: &str) -> Self {
        let IdNumber { text, quality } = IdNumber::read(id_number);
        let id_number = Zeroizing::new(text);
        let name = Zeroizing::new(name::normal(name));
        let digits = Zeroizing::new(read_account(last_four).unwrap_or_default());
        let given = LastFour::exactly(&digits);
        let formed = matches!(quality, IdQuality::Ok | IdQuality::Upgraded15) && given.is_some();
        Self {
            person: keys.keyed(Sort::Person, &id_number).key,
            name: keys.keyed(Sort::Name, &name),
            last_four: given.unwrap_or_default(),
            formed: Choice::from(u8::from(formed)),
        }
    }

    /// Takes up what somebody states who brings a code instead of a card.
    pub fn without_card(keys: &Keys, id_number: &str, name: &str) -> Self {
        let stated = Self::read(keys, id_number, name, "");
        let quality = IdNumber::read(id_number).quality;
        let formed = matches!(quality, IdQuality::Ok | IdQuality::Upgraded15);
        Self { formed: Choice::from(u8::from(formed)), ..stated }
    }

    /// Whether name and card are those of the person.
    pub fn fits(&self, parts: &[Arc<Part>], keys: &Keys) -> Result<Choice, Failure> {
        Ok(self.is_named(parts, keys)? & self.is_paid(parts)?)
    }

    /// Whether the name is that of the person, and all has its form.
    pub fn is_named(&self, parts: &[Arc<Part>], keys: &Keys) -> Result<Choice, Failure> {
        let mut named = Choice::from(0);
        for part in parts {
            for text in part.vault.near(Sort::Known, self.person)? {
                let known = keys.keyed(Sort::Name, &text);
                named |= known.key.ct_eq(&self.name.key) & known.check.ct_eq(&self.name.check);
            }
        }
        Ok(self.formed & named)
    }

    fn is_paid(&self, parts: &[Arc<Part>]) -> Result<Choice, Failure> {
        let mut paid = Choice::from(0);
        for card in self.cards(parts)? {
            let mut same = Choice::from(0);
            for text in card.part.vault.near(Sort::Account, card.account)? {
                same |= LastFour::of(&text).ct_eq(&self.last_four);
            }
            paid |= same & card.real;
        }
        Ok(paid)
    }

    /// The latest cards, filled up with others to the same number for everybody.
    fn cards<'p>(&self, parts: &'p [Arc<Part>]) -> Result<Vec<Card<'p>>, Failure> {
        let mut cards: Vec<Card<'p>> = Vec::with_capacity(CARDS);
        for part in parts.iter().rev() {
            let rows = part.records(PAYMENTS).map(|records| records.near(self.person));
            for account in rows.transpose()?.unwrap_or_default().iter().rev().filter_map(account) {
                if cards.len() < CARDS && cards.iter().all(|card| card.account != account) {
                    cards.push(Card { part, account, real: Choice::from(1) });
                }
            }
        }
        let holder = parts.iter().rev().find(|part| part.vault.holds(Sort::Account));
        if let Some(part) = holder {
            for at in (0_u32..).take(CARDS - cards.len()) {
                // A key is a hash: turned round, it is as good as that of another card.
                let account = self.person.rotate_left(8 * at + 1);
                cards.push(Card { part, account, real: Choice::from(0) });
            }
        }
        Ok(cards)
    }
}
