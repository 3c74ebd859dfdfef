//! What a rule stands on, on a day: laws come into force and are superseded while the rule stays.

use std::collections::BTreeMap;

use super::Catalogue;
use crate::benefit::Instrument;
use crate::model::Basis;
use crate::time::Day;

impl Instrument {
    /// Whether something may stand on it on a day: it has begun, and has not ended without another
    /// in its place.
    #[must_use]
    pub fn bears_on(&self, day: Day) -> bool {
        let begun = self.from.as_deref().and_then(Day::parse).is_none_or(|first| first <= day);
        begun && (!self.ended_by(day) || self.superseded_by.is_some())
    }

    /// The key of the instrument that had taken its place by the day.
    #[must_use]
    pub fn superseded_on(&self, day: Day) -> Option<&str> {
        self.superseded_by.as_deref().filter(|_| self.ended_by(day))
    }

    fn ended_by(&self, day: Day) -> bool {
        self.until.as_deref().and_then(Day::parse).is_some_and(|last| last < day)
    }
}

impl Catalogue {
    /// A basis as it is printed on a day: without what is not in force. A superseded text keeps its
    /// article and says what took its place (`法（旧） 24 → 法（新）`): in the new one the article
    /// has another number, so its bare name says no more than that.
    #[must_use]
    pub fn basis_on(&self, basis: &[Basis], day: Day) -> Vec<Basis> {
        on(&self.instruments, basis, day)
    }
}

fn on(instruments: &BTreeMap<String, Instrument>, basis: &[Basis], day: Day) -> Vec<Basis> {
    let bears = |one: &&Basis| instruments.get(&one.instrument).is_none_or(|i| i.bears_on(day));
    let successor = |one: &Basis| instruments.get(&one.instrument)?.superseded_on(day);
    let named: Vec<&str> = basis.iter().filter_map(successor).collect();
    let bare = |one: &&Basis| one.article.is_empty() && named.contains(&one.instrument.as_str());
    let written = |one: &Basis| {
        let mut printed = one.clone();
        if let Some(next) = successor(one) {
            let article = format!("{} → {next}", one.article);
            article.trim_start().clone_into(&mut printed.article);
        }
        printed
    };
    basis.iter().filter(bears).filter(|one| !bare(one)).map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::on;
    use crate::benefit::Instrument;
    use crate::model::Basis;
    use crate::time::Day;
    use std::collections::BTreeMap;

    const INSTRUMENTS: &str = "
        [study]
        title = { zh = \"调研\", en = \"study\" }
        confidence = \"D\"
        [old]
        title = { zh = \"旧\", en = \"old\" }
        from = \"2018-12-29\"
        until = \"2025-12-31\"
        superseded_by = \"new\"
        confidence = \"F\"
        [new]
        title = { zh = \"新\", en = \"new\" }
        from = \"2026-01-01\"
        confidence = \"F\"
        [gone]
        title = { zh = \"废\", en = \"gone\" }
        until = \"2020-12-31\"
        confidence = \"F\"";

    fn one(instrument: &str, article: &str) -> Basis {
        Basis { instrument: instrument.into(), article: article.into(), confidence: "F".into() }
    }

    #[test]
    fn a_basis_is_printed_as_it_stood_on_the_day() {
        let instruments: BTreeMap<String, Instrument> = toml::from_str(INSTRUMENTS).unwrap();
        let given = [one("old", "24"), one("new", ""), one("study", "3"), one("gone", "")];
        for (day, line) in [
            ("2018-12-28", "study 3; gone"),
            ("2018-12-29", "old 24; study 3; gone"),
            ("2025-12-31", "old 24; study 3"),
            ("2026-01-01", "old 24 → new; study 3"),
        ] {
            let printed = on(&instruments, &given, Day::parse(day).unwrap());
            assert_eq!(Basis::line(&printed), line, "{day}");
        }
        // An article of the new text that is known stands for itself.
        let known = [one("old", ""), one("new", "25")];
        let printed = on(&instruments, &known, Day::parse("2026-05-01").unwrap());
        assert_eq!(Basis::line(&printed), "old → new; new 25");
        // What is in no list of instruments is printed as it is.
        let unknown = [one("lore", "1")];
        assert_eq!(on(&instruments, &unknown, Day(0)), unknown);
    }
}
