//! Sentences that people read, from `locales/<language>/*.ftl` (Fluent), built into the program.
//! The command line and the pages speak with the same words.
//!
//! Deliberately absent: labels of codes that catalogues carry (`terms.toml`, titles of items).

mod gaps;

use std::collections::HashMap;

use domain::problem::{Failure, Place, Problem};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use gaps::Gaps;
use unic_langid::LanguageIdentifier;

/// The language of the interface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// 简体中文
    #[default]
    Chinese,
    /// English
    English,
}

impl Language {
    /// Reads `--lang` or `LANG`: `zh`, `zh-CN`, `zh_CN.UTF-8`, `en`, `en_US.UTF-8`; others are
    /// `None`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name.get(..2)?.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Chinese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The tag of HTML and of the locale's folder.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// Whether Chinese is wanted, for data that carries both.
    #[must_use]
    pub fn is_chinese(self) -> bool {
        self == Self::Chinese
    }
}

#[derive(rust_embed::RustEmbed)]
#[folder = "../../locales"]
#[include = "*.ftl"]
struct Locales;

/// All sentences of one language.
pub struct Text {
    bundle: FluentBundle<FluentResource>,
    /// Sentences without arguments, made once: a page asks for a hundred of them.
    plain: HashMap<String, String>,
    /// Sentences with gaps and nothing else.
    gaps: HashMap<String, Gaps>,
    language: Language,
}

impl Text {
    /// Loads a language. A broken line of a locale file is left out; the locale test finds it.
    #[must_use]
    pub fn load(language: Language) -> Self {
        let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        bundle.set_use_isolating(false);
        let (mut names, mut gaps) = (Vec::new(), HashMap::new());
        for path in Locales::iter().filter(|path| path.starts_with(language.tag())) {
            let Some(file) = Locales::get(&path) else { continue };
            let source = String::from_utf8_lossy(&file.data).into_owned();
            let resource = match FluentResource::try_new(source) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            names.extend(resource.entries().filter_map(message_name));
            // As in the bundle, the last of two sentences of one key holds.
            for (name, found) in resource.entries().filter_map(message_gaps) {
                match found {
                    Some(found) => gaps.insert(name, found),
                    None => gaps.remove(&name),
                };
            }
            bundle.add_resource_overriding(resource);
        }
        let mut text = Self { bundle, plain: HashMap::new(), gaps, language };
        text.plain = names
            .into_iter()
            .filter_map(|name| Some((text.plain(&name)?, name)))
            .map(|(sentence, name)| (name, sentence))
            .collect();
        text
    }

    /// The sentence of a key, if it needs no arguments.
    fn plain(&self, key: &str) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let sentence = self.bundle.format_pattern(pattern, None, &mut errors).into_owned();
        errors.is_empty().then_some(sentence)
    }

    /// The language loaded.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether there is a sentence of this key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// A sentence without arguments; the key itself where it is missing.
    #[must_use]
    pub fn get(&self, key: &str) -> String {
        self.plain.get(key).cloned().unwrap_or_else(|| self.with(key, &[]))
    }

    /// The same without a copy, for keys that are known to need no arguments.
    #[must_use]
    pub fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.plain.get(key).map_or(key, String::as_str)
    }

    /// A sentence with its arguments.
    #[must_use]
    pub fn with(&self, key: &str, args: &[(&str, &str)]) -> String {
        let filled = self.gaps.get(key).and_then(|gaps| gaps.filled(args));
        filled.unwrap_or_else(|| self.resolved(key, args))
    }

    fn resolved(&self, key: &str, args: &[(&str, &str)]) -> String {
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            fluent.set(*name, *value);
        }
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        self.bundle.format_pattern(pattern, Some(&fluent), &mut Vec::new()).into_owned()
    }

    /// One line for a problem: where it stands, what is wrong, what to do.
    #[must_use]
    pub fn problem(&self, problem: &Problem) -> String {
        let args: Vec<(&str, &str)> = problem.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let what = self.with(&format!("problem-{}", problem.code), &args);
        let hint = self.with(&format!("problem-{}-hint", problem.code), &args);
        let place = self.place(&problem.place);
        if place.is_empty() {
            return self.with("ui-problem-line-bare", &[("what", &what), ("hint", &hint)]);
        }
        self.with("ui-problem-line", &[("place", &place), ("what", &what), ("hint", &hint)])
    }

    fn place(&self, place: &Place) -> String {
        let row = place.row.map(|r| r.to_string());
        let parts = [
            ("ui-place-file", place.file.as_deref()),
            ("ui-place-sheet", place.sheet.as_deref().filter(|s| !s.is_empty())),
            ("ui-place-row", row.as_deref()),
            ("ui-place-column", place.column.as_deref().filter(|c| !c.is_empty())),
        ];
        let named: Vec<String> = parts
            .iter()
            .filter_map(|(key, v)| v.map(|v| self.with(key, &[("value", v)])))
            .collect();
        named.join(&self.get("ui-place-separator"))
    }

    /// The sentence for a failure of any of the three kinds.
    #[must_use]
    pub fn failure(&self, failure: &Failure) -> String {
        match failure {
            Failure::Problem(problem) => self.problem(problem),
            Failure::Rule(violation) => {
                let args: Vec<(&str, &str)> =
                    violation.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
                let what = self.with(&format!("rule-{}", violation.rule), &args);
                self.with("ui-rule-line", &[("what", &what), ("basis", &violation.basis)])
            }
            Failure::Fault(fault) => {
                self.with("ui-fault-line", &[("during", fault.during), ("detail", &fault.detail)])
            }
        }
    }
}

fn message_name(entry: &fluent_syntax::ast::Entry<&str>) -> Option<String> {
    match entry {
        fluent_syntax::ast::Entry::Message(message) => Some(message.id.name.to_owned()),
        _ => None,
    }
}

/// Name of a message, and its sentence where that is text with gaps alone.
fn message_gaps(entry: &fluent_syntax::ast::Entry<&str>) -> Option<(String, Option<Gaps>)> {
    match entry {
        fluent_syntax::ast::Entry::Message(message) => {
            let gaps = message.value.as_ref().and_then(Gaps::of);
            Some((message.id.name.to_owned(), gaps))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, Text};

    /// Every sentence that is filled by hand reads as Fluent would have it.
    #[test]
    fn gaps_are_filled_as_fluent_fills_them() {
        const NAMES: [&str; 6] = ["year", "month", "day", "count", "title", "number"];
        let args: Vec<(&str, &str)> = NAMES
            .iter()
            .zip(["2026", "三月", "7", "-1.5", "{ $x }", "a\nb"])
            .map(|(n, v)| (*n, v))
            .collect();
        for language in [Language::Chinese, Language::English] {
            let text = Text::load(language);
            let filled =
                text.gaps.iter().filter_map(|(key, gaps)| Some((key, gaps.filled(&args)?)));
            let filled: Vec<_> = filled.collect();
            assert!(filled.len() > 100, "{}", filled.len());
            assert!(filled.iter().any(|(key, _)| *key == "web-day"));
            for (key, sentence) in filled {
                assert_eq!(sentence, text.resolved(key, &args), "{key}");
            }
        }
    }

    #[test]
    fn languages_are_read_as_systems_write_them() {
        for (name, expect) in [
            ("zh_CN.UTF-8", Some(Language::Chinese)),
            ("zh-CN", Some(Language::Chinese)),
            ("en_GB.UTF-8", Some(Language::English)),
            ("C.UTF-8", None),
            ("", None),
        ] {
            assert_eq!(Language::named(name), expect, "{name}");
        }
    }

    #[test]
    fn a_problem_without_a_place_begins_with_what_is_wrong() {
        use domain::problem::{Place, Problem};
        let at = |place| Problem::new("place-taken", place);
        for (language, bare, placed) in [
            (Language::English, "The place is", "column “code”: The place is"),
            (Language::Chinese, "这个地区", "“code”列：这个地区"),
        ] {
            let text = Text::load(language);
            let column = Place { column: Some("code".to_owned()), ..Place::default() };
            assert!(text.problem(&at(Place::default())).starts_with(bare));
            assert!(text.problem(&at(column)).starts_with(placed));
        }
    }

    #[test]
    fn both_languages_have_the_frame_of_a_problem() {
        for language in [Language::Chinese, Language::English] {
            let text = Text::load(language);
            for key in ["ui-problem-line", "ui-place-file", "ui-rule-line", "ui-fault-line"] {
                assert!(text.has(key), "{key} in {}", language.tag());
            }
        }
    }
}
