//! Who is related to whom, and how closely: degrees are edges between parent and child, and
//! between siblings.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

/// An edge between two persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// The first is a parent of the second.
    Parent,
    /// They are married.
    Spouse,
    /// They are siblings.
    Sibling,
}

/// A declared or registered relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// Id of the first person.
    pub first: String,
    /// Id of the second person.
    pub second: String,
    /// What the first is to the second.
    pub tie: Tie,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Up,
    Down,
    Across,
    Marriage,
}

/// All relations that are known, ready for asking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relations {
    edges: BTreeMap<String, Vec<(String, Edge)>>,
}

impl Relations {
    /// Takes each relation from both ends; one of a person with himself is left out.
    #[must_use]
    pub fn new(list: &[Relation]) -> Self {
        let mut edges: BTreeMap<String, Vec<(String, Edge)>> = BTreeMap::new();
        for Relation { first, second, tie } in list.iter().filter(|r| r.first != r.second) {
            let (there, back) = match tie {
                Tie::Parent => (Edge::Down, Edge::Up),
                Tie::Spouse => (Edge::Marriage, Edge::Marriage),
                Tie::Sibling => (Edge::Across, Edge::Across),
            };
            edges.entry(first.clone()).or_default().push((second.clone(), there));
            edges.entry(second.clone()).or_default().push((first.clone(), back));
        }
        Self { edges }
    }

    /// The same, with everybody who shares a parent a sibling. Registers enter cousins in two ways,
    /// by parents alone or by siblings too; so both are the third degree.
    #[must_use]
    pub fn with_siblings(list: &[Relation]) -> Self {
        let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for relation in list.iter().filter(|r| r.tie == Tie::Parent) {
            children.entry(&relation.first).or_default().push(&relation.second);
        }
        let mut all = list.to_vec();
        for same in children.values() {
            for (at, first) in same.iter().enumerate() {
                let others = same.iter().skip(at + 1);
                all.extend(others.map(|second| Relation {
                    first: (*first).to_owned(),
                    second: (*second).to_owned(),
                    tie: Tie::Sibling,
                }));
            }
        }
        Self::new(&all)
    }

    /// Whether two persons are married to each other.
    #[must_use]
    pub fn married(&self, a: &str, b: &str) -> bool {
        let married = |(to, edge): &(String, Edge)| to == b && *edge == Edge::Marriage;
        self.edges.get(a).is_some_and(|edges| edges.iter().any(married))
    }

    /// Degree of blood relation of two persons, if there is one.
    ///
    /// Blood runs up to a common forebear and down again: two people with a child together are
    /// no blood relations through it.
    #[must_use]
    pub fn blood(&self, a: &str, b: &str) -> Option<u32> {
        self.distance(a, b, |descending, edge| match edge {
            Edge::Up if !descending => Some(false),
            Edge::Across if !descending => Some(true),
            Edge::Down => Some(true),
            _ => None,
        })
    }

    /// Degree of relation of any kind, marriages counted as an edge.
    #[must_use]
    pub fn related(&self, a: &str, b: &str) -> Option<u32> {
        self.distance(a, b, |_, _| Some(false))
    }

    /// Whether two persons are married, or blood relations up to a degree.
    #[must_use]
    pub fn close(&self, a: &str, b: &str, degree: u32) -> bool {
        self.married(a, b) || self.blood(a, b).is_some_and(|n| n <= degree)
    }

    /// Edges on the shortest way that `step` allows; it is told whether the way already goes down.
    fn distance(&self, a: &str, b: &str, step: impl Fn(bool, Edge) -> Option<bool>) -> Option<u32> {
        if a == b {
            return None;
        }
        let mut seen: BTreeSet<(&str, bool)> = BTreeSet::new();
        let mut queue: VecDeque<(&str, bool, u32)> = VecDeque::from([(a, false, 0)]);
        while let Some((at, descending, length)) = queue.pop_front() {
            if at == b {
                return Some(length);
            }
            for (to, edge) in self.edges.get(at).into_iter().flatten() {
                if let Some(down) = step(descending, *edge)
                    && seen.insert((to, down))
                {
                    queue.push_back((to, down, length.saturating_add(1)));
                }
            }
        }
        None
    }
}
