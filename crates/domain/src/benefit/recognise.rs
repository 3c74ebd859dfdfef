//! Which programme a name means. All forms of all names are laid down once at load, so that
//! recognising is a few look-ups, and likeness is measured only for names that nobody knows.

use std::collections::HashMap;

use super::names::{behind_places, core, normal, stem, without_brackets};
use super::{Benefit, MatchKind};

/// Least likeness, in basis points.
const LIKE: usize = 7_500;
/// Distance to the next programme, in basis points.
const AHEAD: usize = 500;
/// Longer texts are notes, not names.
const LONGEST: usize = 80;

/// Words of which a programme is one or the other. In each group a name that has words of some
/// classes is no name of a programme that has words of other classes only.
const RIVALS: &[&[&[&str]]] = &[
    &[&["农村"], &["城市", "城镇"]],
    &[&["护理"], &["生活"]],
    &[&["分散"], &["集中"]],
    &[&["养老"], &["医疗", "医保"]],
    &[&["离任", "离职", "卸任", "退职", "老村干部"], &["在任", "在职", "现任", "误工"]],
    &[
        &["普通高中", "普高"],
        &["中职", "职高", "中等职业", "技工"],
        &["高校", "大学", "本专科", "研究生", "高等"],
        &["义务教育", "小学", "初中"],
        &["学前", "幼儿"],
    ],
    &[&["购置", "购机"], &["报废"]],
    &[&["奖励"], &["特别", "特扶"]],
    &[&["居民"], &["职工", "企业", "机关", "事业单位"]],
    &[&["退耕"], &["退牧"], &["公益林", "生态效益"], &["草原"]],
    &[&["稻谷", "水稻"], &["玉米", "大豆"], &["小麦"], &["棉花"], &["油菜", "花生"], &["青稞"]],
    &[&["孤儿"], &["事实无人"]],
    &[&["困难"], &["重度"]],
    &[&["防疫"], &["护林"], &["医生", "村医"]],
];
/// Words that make another thing of a name, unless the programme itself has them.
const ESTRANGING: &[&str] = &[
    "电话",
    "办公",
    "公路",
    "道路",
    "维修",
    "工程",
    "车辆",
    "电费",
    "水费",
    "差旅",
    "招待",
    "培训",
    "会议",
    "租金",
    "租赁",
    "采购",
    "印刷",
    "宣传",
    "丧葬",
    "殡葬",
    "火化",
    "安葬",
    "慰问",
    "奖金",
    "工资",
    "经费",
    "职工",
    "企业",
    "机关",
    "干部",
    "教师",
    "党员",
    "取暖",
    "电价",
    "物价",
    "价格",
    "集体",
    "贷款本金",
    "押金",
    "罚款",
    "捐款",
    "捐赠",
    "广告",
    "设备",
    "养护",
    "保洁",
    "退回",
    "追缴",
    "服务费",
    "手续费",
];

/// A name as likeness compares it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shape {
    position: usize,
    bigrams: Vec<(char, char)>,
}

/// What a programme's own names say, to weigh words against.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Words {
    all: String,
    classes: Vec<u32>,
}

/// All names of all programmes; positions are those of the programmes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Index {
    exact: HashMap<String, usize>,
    /// `None`: the form belongs to several programmes, and so to none.
    cores: HashMap<String, Option<usize>>,
    shapes: Vec<Shape>,
    words: Vec<Words>,
}

/// Lays down all names. Of a name that two programmes have, the first one is kept: it is a problem
/// that loading reports.
pub(super) fn index(items: &[Benefit]) -> Index {
    let mut index = Index::default();
    for (position, item) in items.iter().enumerate() {
        index.exact.insert(normal(&item.code), position);
        let mut all = String::new();
        for name in item.names() {
            index.add(position, name);
            all.push_str(&normal(name));
            all.push(' ');
        }
        index.words.push(Words { classes: classes(&all), all });
    }
    index
}

impl Index {
    fn add(&mut self, position: usize, name: &str) {
        self.exact.entry(normal(name)).or_insert(position);
        let core = core(name);
        for form in stem(&core).into_iter().chain([core.as_str()]) {
            let owner = self.cores.entry(form.to_owned()).or_insert(Some(position));
            *owner = owner.filter(|owner| *owner == position);
        }
        self.shapes.push(Shape { position, bigrams: bigrams(&core) });
    }

    pub(super) fn find(&self, name: &str) -> Option<(usize, MatchKind)> {
        let plain = normal(name);
        if plain.is_empty() {
            return None;
        }
        if let Some(position) = self.exact.get(&plain) {
            return Some((*position, MatchKind::Exact));
        }
        if plain.chars().count() > LONGEST {
            return None;
        }
        let cores = [core(name), core(&without_brackets(name))];
        let fits = |position: &usize| self.fits(*position, &plain);
        let forms: Vec<&str> = cores
            .iter()
            .flat_map(|core| std::iter::once(core.as_str()).chain(behind_places(core)))
            .collect();
        let known = forms.iter().find_map(|form| self.known(form).filter(fits));
        if let Some(position) = known {
            return Some((position, MatchKind::Exact));
        }
        let position = forms.iter().find_map(|form| self.like(form).filter(fits))?;
        Some((position, MatchKind::Fuzzy))
    }

    fn known(&self, form: &str) -> Option<usize> {
        let of = |form: &str| self.cores.get(form).copied().flatten();
        of(form).or_else(|| of(stem(form)?))
    }

    /// The programme that a form is like, if no other is nearly as like.
    fn like(&self, form: &str) -> Option<usize> {
        let wanted = bigrams(form);
        let mut best = vec![0; self.words.len()];
        for shape in &self.shapes {
            if let Some(of) = best.get_mut(shape.position) {
                *of = likeness(&wanted, &shape.bigrams).max(*of);
            }
        }
        let (position, top) = best.iter().copied().enumerate().max_by_key(|(_, like)| *like)?;
        let next = best.iter().enumerate().filter(|(p, _)| *p != position).map(|(_, like)| *like);
        let ahead = next.max().is_none_or(|next| top >= next + AHEAD);
        (top >= LIKE && ahead).then_some(position)
    }

    /// Whether no word of a name speaks against a programme.
    fn fits(&self, position: usize, plain: &str) -> bool {
        let Some(own) = self.words.get(position) else { return false };
        let rivals = classes(plain).into_iter().zip(&own.classes);
        rivals.into_iter().all(|(name, own)| name == 0 || *own == 0 || name & own != 0)
            && ESTRANGING.iter().all(|word| !plain.contains(word) || own.all.contains(word))
    }
}

/// For each group of [`RIVALS`], the classes whose words a text has, as bits.
fn classes(text: &str) -> Vec<u32> {
    let of = |words: &&[&str]| words.iter().any(|word| text.contains(word));
    let group = |group: &&[&[&str]]| {
        let found = group.iter().enumerate().filter(|(_, words)| of(words));
        found.fold(0, |bits, (class, _)| bits | 1 << class)
    };
    RIVALS.iter().map(group).collect()
}

fn bigrams(text: &str) -> Vec<(char, char)> {
    let mut pairs: Vec<_> = text.chars().zip(text.chars().skip(1)).collect();
    pairs.sort_unstable();
    pairs
}

/// Dice's coefficient of two sorted lists, in basis points.
fn likeness(a: &[(char, char)], b: &[(char, char)]) -> usize {
    let (mut left, mut right, mut common) = (a.iter().peekable(), b.iter().peekable(), 0_usize);
    while let (Some(x), Some(y)) = (left.peek(), right.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                common += 1;
                left.next();
                right.next();
            }
        }
    }
    (20_000 * common).checked_div(a.len() + b.len()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{bigrams, likeness};

    #[test]
    fn likeness_counts_shared_pairs_of_characters() {
        for (a, b, expect) in [
            ("农村低保", "农村低保", 10_000),
            ("农村低保", "城市低保", 3_333),
            ("", "", 0),
            ("金", "金", 0),
        ] {
            assert_eq!(likeness(&bigrams(a), &bigrams(b)), expect, "{a} {b}");
        }
    }
}
