//! Bars of the report: counts and money by model, township and month.

use std::collections::BTreeMap;

use domain::finding::Finding;
use domain::money::Fen;

use super::{Source, title};
use crate::figures::{grouped, yuan};
use locale::Text;

/// Townships shown one by one; the rest stand together.
const TOWNSHIPS_SHOWN: usize = 20;
/// Months shown at most, the last ones.
const MONTHS_SHOWN: usize = 36;

/// A bar that lies: label, length in percent of the longest, figures.
pub struct Bar {
    /// Anchor inside the page, may be empty.
    pub anchor: String,
    /// What it counts.
    pub label: String,
    /// 0 to 100.
    pub percent: usize,
    /// Findings.
    pub count: String,
    /// Money.
    pub amount: String,
}

/// A bar that stands, for a month.
pub struct Column {
    /// `2025-03`
    pub month: String,
    /// Shown under the bar: the year in January, else the month.
    pub tick: String,
    /// 0 to 100.
    pub percent: usize,
    /// Findings.
    pub count: String,
    /// Money.
    pub amount: String,
}

#[derive(Default, Clone, Copy)]
struct Heap {
    count: usize,
    fen: i64,
}

impl Heap {
    fn add(&mut self, finding: &Finding) {
        self.count += 1;
        self.fen = self.fen.saturating_add(finding.amount.unwrap_or_default().0);
    }
}

/// One bar per model with findings, most first.
pub fn by_model(source: &Source<'_>, text: &Text) -> Vec<Bar> {
    let heaps = heaps(source.findings, |f| f.model.clone());
    let mut bars = bars(heaps);
    for bar in &mut bars {
        bar.anchor.clone_from(&bar.label);
        if let Some(header) = source.models.iter().find(|h| h.id == bar.label) {
            bar.label = title(header, text).to_owned();
        }
    }
    bars
}

/// One bar per township, most first.
pub fn by_township(findings: &[Finding], text: &Text) -> Vec<Bar> {
    let unknown = text.get("report-township-unknown");
    let mut all = bars(heaps(findings, |f| {
        township(&f.village).map_or_else(|| unknown.clone(), str::to_owned)
    }));
    all.truncate(TOWNSHIPS_SHOWN);
    all
}

/// The township in front of a village path.
fn township(path: &str) -> Option<&str> {
    ["街道", "镇", "乡"].iter().find_map(|end| {
        let at = path.find(end).filter(|at| *at > 0)?;
        path.get(..at + end.len())
    })
}

fn heaps(findings: &[Finding], label: impl Fn(&Finding) -> String) -> BTreeMap<String, Heap> {
    let mut heaps: BTreeMap<String, Heap> = BTreeMap::new();
    for finding in findings {
        heaps.entry(label(finding)).or_default().add(finding);
    }
    heaps
}

fn bars(heaps: BTreeMap<String, Heap>) -> Vec<Bar> {
    let most = heaps.values().map(|h| h.count).max().unwrap_or(0);
    let mut ordered: Vec<(String, Heap)> = heaps.into_iter().collect();
    ordered.sort_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
    ordered
        .into_iter()
        .map(|(label, heap)| Bar {
            anchor: String::new(),
            label,
            percent: percent(heap.count, most),
            count: grouped(heap.count),
            amount: yuan(Fen(heap.fen)),
        })
        .collect()
}

/// One bar per month between the first and last month that a finding names.
pub fn by_month(findings: &[Finding]) -> Vec<Column> {
    let mut heaps: BTreeMap<i32, Heap> = BTreeMap::new();
    for finding in findings.iter().filter(|f| f.period.0 > 9_999) {
        heaps.entry(finding.period.0).or_default().add(finding);
    }
    let (Some(first), Some(last)) =
        (heaps.keys().next().copied(), heaps.keys().next_back().copied())
    else {
        return Vec::new();
    };
    let most = heaps.values().map(|h| h.count).max().unwrap_or(0);
    let months: Vec<i32> = (first..=last).filter(|m| (1..=12).contains(&(m % 100))).collect();
    let skip = months.len().saturating_sub(MONTHS_SHOWN);
    months
        .into_iter()
        .skip(skip)
        .map(|month| {
            let heap = heaps.get(&month).copied().unwrap_or_default();
            Column {
                month: domain::time::Month(month).to_string(),
                tick: if month % 100 == 1 {
                    (month / 100).to_string()
                } else {
                    (month % 100).to_string()
                },
                percent: percent(heap.count, most),
                count: grouped(heap.count),
                amount: yuan(Fen(heap.fen)),
            }
        })
        .collect()
}

/// At least one for what is there, so that a small bar can be seen.
fn percent(part: usize, most: usize) -> usize {
    if part == 0 { 0 } else { (part * 100).checked_div(most).unwrap_or(0).max(1) }
}

#[cfg(test)]
mod tests {
    use super::{percent, township};

    #[test]
    fn townships_and_lengths() {
        assert_eq!(township("柳溪镇青石村"), Some("柳溪镇"));
        assert_eq!(township("青石村"), None);
        assert_eq!((percent(0, 9), percent(1, 900), percent(9, 9)), (0, 1, 100));
    }
}
