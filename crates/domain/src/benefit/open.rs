//! Programmes that a person may look into. Of all conditions the catalogue states ages, closed lists
//! and what excludes each other in a form that can be checked; the rest stands in words, which the
//! person reads.

use super::{Benefit, BenefitVersion, Benefits, Pair, Relation};
use crate::catalogue::{Dated, on};
use crate::time::Day;

impl Benefits {
    /// Programmes with a stated age that a person born on a day has on another, with the rules in
    /// force then. Left out: what he or she receives already (`received`, codes), what excludes one
    /// of those for the same person, and closed lists, which nobody can join.
    #[must_use]
    pub fn open_at_age(
        &self,
        birth_day: Day,
        day: Day,
        received: &[&str],
    ) -> Vec<(&Benefit, &BenefitVersion)> {
        let age = birth_day.full_years_until(day);
        let excluded = |item: &Benefit| {
            self.pairs
                .iter()
                .any(|pair| received.iter().any(|code| pair.bars(code, &item.code, day)))
        };
        let open = self.items.iter().filter(|item| {
            !item.closed_list && !received.contains(&item.code.as_str()) && !excluded(item)
        });
        let at_age = |version: &BenefitVersion| {
            let (least, greatest) = (version.min_age_years, version.max_age_years);
            least.or(greatest).is_some()
                && least.is_none_or(|least| age >= least)
                && greatest.is_none_or(|greatest| age <= greatest)
        };
        open.filter_map(|item| Some((item, on(&item.versions, day).filter(|v| at_age(v))?)))
            .collect()
    }
}

impl Pair {
    /// Whether one person who receives a programme cannot receive another on a day.
    fn bars(&self, received: &str, other: &str, day: Day) -> bool {
        let both = [(received, other), (other, received)].contains(&(&self.a, &self.b));
        both && self.relation == Relation::Excluded && self.scope == "person" && self.holds_on(day)
    }
}

#[cfg(test)]
mod tests {
    use crate::benefit::Benefits;
    use crate::time::Day;

    const ITEMS: [(&str, &str); 5] = [
        ("S01", "min_age_years = 60\nage_confidence = \"F\""),
        ("S02", "max_age_years = 17\nage_confidence = \"F\""),
        ("S03", ""),
        ("S04", "min_age_years = 16\nmax_age_years = 70\nage_confidence = \"F\""),
        ("S05", "min_age_years = 60\nage_confidence = \"F\""),
    ];

    fn benefits() -> Benefits {
        let item = |(code, ages): &(&str, &str)| {
            let closed = *code == "S05";
            let text = format!(
                "code = \"{code}\"\ntitle = {{ zh = \"项目{code}\", en = \"Programme {code}\" }}\n\
                 department = \"civil_affairs\"\nunit = \"person\"\nfrequency = \"month\"\n\
                 closed_list = {closed}\n[[versions]]\nfrom = \"2015-01-01\"\n\
                 until = \"2029-12-31\"\n{ages}\neligibility = {{ zh = \"甲\", en = \"A\" }}\n\
                 basis = [{{ instrument = \"law\", confidence = \"F\" }}]\n"
            );
            (format!("benefits/{code}-x.toml"), text)
        };
        let pairs = "[[pairs]]\na = \"S01\"\nb = \"S03\"\nrelation = \"excluded\"\n\
                     scope = \"person\"\nfrom = \"2015-01-01\"\nuntil = \"2024-12-31\"\n\
                     basis = [{ instrument = \"law\", confidence = \"K-h\" }]\n";
        let law = "[law]\ntitle = { zh = \"法\", en = \"Law\" }\nfrom = \"2014-05-01\"\n\
                   confidence = \"F\"\n";
        let mut files: Vec<(String, String)> = ITEMS.iter().map(item).collect();
        files.push(("compatibility.toml".to_owned(), pairs.to_owned()));
        files.push(("instruments.toml".to_owned(), law.to_owned()));
        let (benefits, problems) = Benefits::load(&files);
        assert_eq!(problems, []);
        benefits
    }

    #[test]
    fn stated_ages_closed_lists_and_exclusions_decide() {
        let benefits = benefits();
        let born = Day::from_ymd(1964, 3, 2).unwrap();
        for (day, received, expect) in [
            ((2024, 3, 1), &[][..], &["S04"][..]),
            ((2024, 3, 2), &[], &["S01", "S04"]),
            ((2024, 3, 2), &["S04"], &["S01"]),
            ((2024, 3, 2), &["S03"], &["S04"]),
            ((2025, 3, 2), &["S03"], &["S01", "S04"]),
            ((1980, 3, 2), &[], &[]),
            ((2035, 3, 2), &[], &[]),
        ] {
            let day = Day::from_ymd(day.0, day.1, day.2).unwrap();
            let open = benefits.open_at_age(born, day, received);
            let codes: Vec<&str> = open.iter().map(|(item, _)| item.code.as_str()).collect();
            assert_eq!(codes, expect, "{day} {received:?}");
        }
        let child = benefits.open_at_age(born, Day::from_ymd(1980, 3, 2).unwrap(), &[]);
        assert!(child.is_empty(), "no rules are in force before the first version");
    }
}
