//! Sentences that are text with gaps for their arguments and nothing else: filled by hand. A page has
//! hundreds of them, days above all, and Fluent's resolver takes some microseconds for each.

use fluent_syntax::ast::{Expression, InlineExpression, Pattern, PatternElement};

/// A sentence in parts.
pub struct Gaps(Vec<Part>);

enum Part {
    Text(String),
    Gap(String),
}

impl Gaps {
    /// Of a pattern without choices, functions and terms.
    pub fn of(pattern: &Pattern<&str>) -> Option<Self> {
        let part = |element: &PatternElement<&str>| match element {
            PatternElement::TextElement { value } => Some(Part::Text((*value).to_owned())),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => Some(Part::Gap(id.name.to_owned())),
            PatternElement::Placeable { .. } => None,
        };
        pattern.elements.iter().map(part).collect::<Option<_>>().map(Self)
    }

    /// The sentence; none when an argument is missing.
    pub fn filled(&self, args: &[(&str, &str)]) -> Option<String> {
        let mut sentence = String::with_capacity(64);
        for part in &self.0 {
            sentence.push_str(match part {
                Part::Text(text) => text,
                Part::Gap(name) => args.iter().find(|(given, _)| given == name)?.1,
            });
        }
        Some(sentence)
    }
}
