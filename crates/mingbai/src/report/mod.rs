//! One self-contained page to read, print or send: `mingbai report`.
//!
//! Deliberately absent: scripts, fonts and anything else loaded from elsewhere. Every chart is a
//! table with bars, so that it reads aloud and prints.

mod charts;

use askama::Template;
use domain::finding::Finding;
use domain::model::Header;
use domain::money::Fen;
use domain::terms::Terms;

use crate::figures::{code, grouped, yuan};
use crate::names::Names;
use charts::{Bar, Column};
use locale::Text;

/// Findings shown per model; the full list is `mingbai findings`.
const SHOWN_PER_MODEL: usize = 30;

/// What the page is made from.
pub struct Source<'a> {
    /// Name of the county.
    pub county: &'a str,
    /// Number of the run.
    pub run: u32,
    /// Day of the run, `YYYY-MM-DD`.
    pub day: &'a str,
    /// All findings of the run.
    pub findings: &'a [Finding],
    /// Headers of the models that ran.
    pub models: &'a [&'a Header],
    /// Imported files.
    pub files: Vec<FileLine>,
    /// Labels of codes.
    pub terms: &'a Terms,
    /// People, hidden or revealed.
    pub names: &'a Names,
    /// Why people are revealed, empty when they are not.
    pub purpose: &'a str,
}

/// An imported file.
pub struct FileLine {
    /// Name as handed in.
    pub name: String,
    /// What it holds.
    pub tables: String,
    /// Rows read, kept and refused, with separators.
    pub rows: [String; 3],
    /// Money kept, yuan.
    pub amount: String,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    t: &'a Text,
    source: &'a Source<'a>,
    totals: [Total; 4],
    by_model: Vec<Bar>,
    by_township: Vec<Bar>,
    by_month: Vec<Column>,
    sections: Vec<Section<'a>>,
    quiet_models: Vec<&'a str>,
}

struct Total {
    value: String,
    label: String,
}

struct Section<'a> {
    id: &'a str,
    title: &'a str,
    number: &'a str,
    violation: &'a str,
    severity: &'a str,
    severity_code: String,
    count: String,
    amount: String,
    innocent: Vec<&'a str>,
    next_check: Vec<&'a str>,
    lines: Vec<Line>,
    left_out: String,
}

struct Line {
    finding: String,
    subject: String,
    village: String,
    period: String,
    amount: String,
    reason: String,
    score: u8,
}

/// Renders the page.
///
/// # Errors
/// When the template fails, which is our own fault.
pub fn render(source: &Source<'_>, text: &Text) -> Result<String, askama::Error> {
    let mut sections: Vec<Section<'_>> =
        source.models.iter().filter_map(|header| section(source, header, text)).collect();
    sections.sort_by_key(|s| (severity_order(&s.severity_code), s.id));
    let found: Vec<&str> = sections.iter().map(|s| s.id).collect();
    let page = Page {
        t: text,
        totals: totals(source, text),
        by_model: charts::by_model(source, text),
        by_township: charts::by_township(source.findings, text),
        by_month: charts::by_month(source.findings),
        quiet_models: source
            .models
            .iter()
            .filter(|h| !found.contains(&h.id.as_str()))
            .map(|h| title(h, text))
            .collect(),
        sections,
        source,
    };
    page.render()
}

fn severity_order(code: &str) -> u8 {
    match code {
        "high" => 0,
        "mid" => 1,
        _ => 2,
    }
}

fn title<'a>(header: &'a Header, text: &Text) -> &'a str {
    if text.language().is_chinese() { &header.title.zh } else { &header.title.en }
}

fn totals(source: &Source<'_>, text: &Text) -> [Total; 4] {
    let mut people: Vec<u64> =
        source.findings.iter().flat_map(|f| f.people.iter().copied()).collect();
    people.sort_unstable();
    people.dedup();
    let mut villages: Vec<&str> =
        source.findings.iter().map(|f| f.village.as_str()).filter(|v| !v.is_empty()).collect();
    villages.sort_unstable();
    villages.dedup();
    let total = |value: String, key: &str| Total { value, label: text.get(key) };
    [
        total(grouped(source.findings.len()), "report-total-findings"),
        total(grouped(people.len()), "report-total-people"),
        total(grouped(villages.len()), "report-total-villages"),
        total(yuan(sum(source.findings)), "report-total-amount"),
    ]
}

fn section<'a>(source: &'a Source<'_>, header: &'a Header, text: &Text) -> Option<Section<'a>> {
    let mut found: Vec<&Finding> =
        source.findings.iter().filter(|f| f.model == header.id).collect();
    if found.is_empty() {
        return None;
    }
    found.sort_by(|a, b| {
        b.score.cmp(&a.score).then_with(|| b.amount.cmp(&a.amount)).then_with(|| a.key.cmp(&b.key))
    });
    let chinese = text.language().is_chinese();
    let words = |list: &'a [domain::model::Bilingual]| -> Vec<&'a str> {
        list.iter().map(|b| if chinese { b.zh.as_str() } else { b.en.as_str() }).collect()
    };
    let severity_code = code(&header.severity);
    let total = found.iter().filter_map(|f| f.amount).map(|a| a.0).sum();
    Some(Section {
        id: &header.id,
        title: title(header, text),
        number: header.number.as_deref().unwrap_or_default(),
        violation: source.terms.label(
            "violation",
            leak_free(source.terms, "violation", &code(&header.violation)),
            chinese,
        ),
        severity: source.terms.label(
            "severity",
            leak_free(source.terms, "severity", &severity_code),
            chinese,
        ),
        severity_code,
        count: grouped(found.len()),
        amount: yuan(Fen(total)),
        innocent: words(&header.innocent),
        next_check: words(&header.next_check),
        lines: found.iter().take(SHOWN_PER_MODEL).map(|f| line(source, f, text)).collect(),
        left_out: left_out(found.len(), text),
    })
}

/// The code as the catalogue holds it, so that its label can be borrowed from there.
fn leak_free<'a>(terms: &'a Terms, group: &str, code: &str) -> &'a str {
    terms.groups.get(group).and_then(|g| g.get_key_value(code)).map_or("", |(key, _)| key)
}

fn left_out(found: usize, text: &Text) -> String {
    if found <= SHOWN_PER_MODEL {
        return String::new();
    }
    text.with(
        "report-left-out",
        &[("shown", &SHOWN_PER_MODEL.to_string()), ("all", &grouped(found))],
    )
}

fn line(source: &Source<'_>, finding: &Finding, text: &Text) -> Line {
    let chinese = text.language().is_chinese();
    let reason = if chinese { &finding.reason.zh } else { &finding.reason.en };
    Line {
        finding: finding.key.clone(),
        subject: subject(finding, source.names, text),
        village: finding.village.clone(),
        period: finding.period.to_string(),
        amount: finding.amount.map(yuan).unwrap_or_default(),
        reason: source.names.reason(reason, text),
        score: finding.score,
    }
}

/// What stands for the subject of a finding in a list.
#[must_use]
pub fn subject(finding: &Finding, names: &Names, text: &Text) -> String {
    use domain::model::Grain;
    let key = u64::from_str_radix(&finding.subject, 16).unwrap_or(0);
    match finding.grain {
        Grain::Person => names.person(key, text),
        Grain::Village => finding.subject.clone(),
        Grain::Household => {
            text.with("ui-pseudonym-household", &[("code", &crate::names::pseudonym(key))])
        }
        Grain::Account => {
            text.with("ui-pseudonym-account", &[("code", &crate::names::pseudonym(key))])
        }
    }
}

fn sum(findings: &[Finding]) -> Fen {
    Fen(findings.iter().filter_map(|f| f.amount).map(|a| a.0).fold(0, i64::saturating_add))
}
