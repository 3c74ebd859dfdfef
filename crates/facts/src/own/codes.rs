//! One-time codes, for those who have no card at hand: drawn for a person, kept nowhere in clear. Who keeps
//! them knows a keyed hash of person and code alone, so that a stolen list opens nothing.

use domain::ids::read_account;
use domain::problem::Failure;

use super::identify::Stated;
use super::{OwnReader, PersonKey};
use crate::access::AccessEntry;
use crate::keys::{Keys, Sort, random};

/// Digits of a code. With a few tries an hour and a day to try, one in a million would guess right.
const DIGITS: usize = 8;
/// The act of handing a code out.
const ACT: &str = "code";

/// A code that was drawn for a person.
#[derive(Clone)]
pub struct Slip {
    /// Whose it is.
    pub person: PersonKey,
    /// What he types: told once.
    pub code: String,
    /// What it is found by.
    pub hash: String,
}

/// Somebody with a code who says who he is.
#[derive(Clone)]
pub struct Claim {
    person: PersonKey,
    fits: bool,
    hash: String,
}

impl Claim {
    /// What the code must be found by. For a number and a name that do not fit it is something that is
    /// never found, so that the search costs the same.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The person, once the code was found.
    #[must_use]
    pub fn proved(&self, found: bool) -> Option<PersonKey> {
        (self.fits && found).then_some(self.person)
    }
}

impl OwnReader {
    /// Draws a code for the person with an ID number and a name; none where they do not fit.
    ///
    /// # Errors
    /// When the vault cannot be read, or the system gives no random bytes.
    pub fn slip(&self, id_number: &str, name: &str) -> Result<Option<Slip>, Failure> {
        let (keys, opened) = (&self.folder.keys, self.opened());
        let stated = Stated::without_card(keys, id_number, name);
        if !bool::from(stated.is_named(&opened.parts, keys)?) {
            return Ok(None);
        }
        let code = draw()?;
        let hash = hash(keys, stated.person, &code);
        Ok(Some(Slip { person: PersonKey(stated.person), code, hash }))
    }

    /// What somebody claims with an ID number, a name and a code. The work is the same whatever it is.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn claim(&self, id_number: &str, name: &str, code: &str) -> Result<Claim, Failure> {
        let (keys, opened) = (&self.folder.keys, self.opened());
        let stated = Stated::without_card(keys, id_number, name);
        let fits = bool::from(stated.is_named(&opened.parts, keys)?);
        let code = read_account(code).unwrap_or_default();
        let (real, none) = (hash(keys, stated.person, &code), hash(keys, 0, ""));
        let hash = if fits { real } else { none };
        Ok(Claim { person: PersonKey(stated.person), fits, hash })
    }

    /// Writes down that somebody gives a person a code, so that the person can see it: it is on disk
    /// when this returns.
    ///
    /// # Errors
    /// When the disk refuses; then no code may be given.
    pub fn log_code(
        &self,
        person: PersonKey,
        at_ms: i64,
        (user, office): (&str, &str),
        purpose: &str,
    ) -> Result<(), Failure> {
        let entry = AccessEntry {
            at_ms,
            user: user.to_owned(),
            office: office.to_owned(),
            act: ACT.to_owned(),
            purpose: purpose.to_owned(),
            people: 1,
            subject: Some(person.0),
            ..AccessEntry::default()
        };
        self.committer.write(entry.line()?)
    }
}

fn draw() -> Result<String, Failure> {
    let mut code = String::with_capacity(DIGITS);
    let mut bytes = [0; 32];
    while code.len() < DIGITS {
        random(&mut bytes)?;
        // 250 is a multiple of ten: all digits are as likely.
        let digits = bytes.iter().filter(|byte| **byte < 250).map(|byte| byte % 10);
        code.extend(digits.take(DIGITS - code.len()).map(|digit| char::from(b'0' + digit)));
    }
    Ok(code)
}

fn hash(keys: &Keys, person: u64, code: &str) -> String {
    let keyed = keys.keyed(Sort::Code, &format!("{person:016x} {code}"));
    format!("{:016x}{:016x}", keyed.key, keyed.check)
}
