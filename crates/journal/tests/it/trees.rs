//! Hashing and proofs: vectors of RFC 6962, the definition written out, and `ct-merkle`.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use journal::proof::{verify_consistency, verify_inclusion};
use journal::{EMPTY_ROOT, Frontier, Hash, leaf_hash, node_hash, root_of};
use proptest::prelude::*;
use sha2::Sha256;

use crate::common::Log;

/// The eight leaves that implementations of RFC 6962 are tested with, and the roots of the trees
/// of the first one, two, ... of them.
const VECTORS: [(&str, &str); 8] = [
    ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
    ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
    (
        "606162636465666768696a6b6c6d6e6f",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ),
];

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
}

/// MTH of RFC 6962, 2.1, as it is written there.
fn naive(leaves: &[Hash]) -> Hash {
    match leaves.len() {
        0 => EMPTY_ROOT,
        1 => leaves[0],
        n => {
            let k = n.next_power_of_two() / 2;
            node_hash(&naive(&leaves[..k]), &naive(&leaves[k..]))
        }
    }
}

#[test]
fn the_known_vectors_come_out() {
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), EMPTY_ROOT);
    assert_eq!(Hash::of(b""), EMPTY_ROOT);
    for (leaf, root) in VECTORS {
        frontier.append(leaf_hash(&bytes(leaf)));
        assert_eq!(frontier.root().to_hex(), root);
    }
}

#[test]
fn a_frontier_is_small_and_survives_storing() {
    let mut frontier = Frontier::new();
    (0..1000_u32).for_each(|n| frontier.append(leaf_hash(&n.to_be_bytes())));
    assert_eq!(frontier.peaks().len(), 6);
    let stored = serde_json::to_string(&frontier).unwrap();
    assert_eq!(serde_json::from_str::<Frontier>(&stored).unwrap(), frontier);
    assert!(Frontier::from_peaks(999, frontier.peaks().to_vec()).is_err());
    assert!(serde_json::from_str::<Frontier>(&stored.replace("1000", "1001")).is_err());
}

#[test]
fn all_proofs_of_small_trees_fit_and_equal_those_of_another_implementation() {
    let mut log = Log::new();
    let mut other = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut roots = vec![EMPTY_ROOT];
    for n in 0..20_u8 {
        log.append(vec![vec![n]]);
        other.push(vec![n]);
        let size = u64::from(n) + 1;
        let root = log.frontier.root();
        assert_eq!(root.as_bytes()[..], other.root().as_bytes()[..]);
        roots.push(root);
        for index in 0..size {
            let proof = log.tree(size).prove_inclusion(index).unwrap();
            let theirs = other.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(flat(&proof), theirs.as_bytes());
            let leaf = leaf_hash(&[u8::try_from(index).unwrap()]);
            assert_eq!(verify_inclusion(&leaf, index, size, &root, &proof), Ok(()));
        }
        for (earlier, old) in (0..).zip(&roots) {
            let proof = log.tree(size).prove_consistency(earlier).unwrap();
            assert_eq!(verify_consistency((earlier, old), (size, &root), &proof), Ok(()));
            if earlier > 0 {
                let theirs = other.prove_consistency(usize::try_from(size - earlier).unwrap());
                assert_eq!(flat(&proof), theirs.as_bytes(), "{earlier} {size}");
            }
        }
    }
}

fn flat(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

#[test]
fn sizes_that_make_no_sense_are_refused() {
    let log = Log::of(5);
    assert!(log.tree(5).prove_inclusion(5).is_err());
    assert!(log.tree(5).prove_consistency(6).is_err());
    let root = log.frontier.root();
    assert!(verify_inclusion(&root, 0, 0, &root, &[]).is_err());
    assert!(verify_inclusion(&root, u64::MAX, u64::MAX, &root, &[]).is_err());
    assert!(verify_consistency((6, &root), (5, &root), &[]).is_err());
    assert!(verify_consistency((0, &root), (5, &root), &[]).is_err());
    assert!(verify_consistency((4, &root), (5, &root), &[]).is_err());
    assert!(verify_consistency((u64::MAX - 1, &root), (u64::MAX, &root), &[root]).is_err());
    assert!(journal::proof::Tree::new(&log.files, u64::MAX).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn appending_is_recomputing(batches in prop::collection::vec(0_usize..700, 1..5)) {
        let mut log = Log::new();
        for (at, count) in batches.iter().enumerate() {
            log.append((0..*count).map(|n| format!("{at}-{n}").into_bytes()).collect());
        }
        let hashes = log.hashes();
        prop_assert_eq!(log.frontier.root(), naive(&hashes));
        prop_assert_eq!(root_of(&hashes), naive(&hashes));
        let size = log.frontier.size();
        prop_assert_eq!(log.tree(size).root().unwrap(), naive(&hashes));
        prop_assert_eq!(log.tree(size).frontier().unwrap(), log.frontier);
    }

    #[test]
    fn proofs_hold_and_altered_ones_do_not(
        size in 2_u64..1500, a in any::<u64>(), b in any::<u64>(), bit in 0_usize..256,
    ) {
        let log = Log::of(size);
        let (index, earlier, hashes) = (a % size, b % size, log.hashes());
        let old = naive(&hashes[..usize::try_from(earlier).unwrap()]);
        let root = log.frontier.root();
        let leaf = hashes[usize::try_from(index).unwrap()];

        let proof = log.tree(size).prove_inclusion(index).unwrap();
        let holds = |leaf: &Hash, index, size, root: &Hash, proof: &[Hash]| {
            verify_inclusion(leaf, index, size, root, proof).is_ok()
        };
        prop_assert!(holds(&leaf, index, size, &root, &proof));
        prop_assert!(!holds(&flip(&leaf, bit), index, size, &root, &proof));
        prop_assert!(!holds(&leaf, index, size, &flip(&root, bit), &proof));
        prop_assert!(!holds(&leaf, (index + 1) % size, size, &root, &proof));
        for bad in alterations(&proof, bit) {
            prop_assert!(!holds(&leaf, index, size, &root, &bad));
        }

        let proof = log.tree(size).prove_consistency(earlier).unwrap();
        let continues = |old: &Hash, root: &Hash, proof: &[Hash]| {
            verify_consistency((earlier, old), (size, root), proof).is_ok()
        };
        prop_assert!(continues(&old, &root, &proof));
        prop_assert!(!continues(&flip(&old, bit), &root, &proof));
        if earlier > 0 {
            prop_assert!(!continues(&old, &flip(&root, bit), &proof));
            for bad in alterations(&proof, bit) {
                prop_assert!(!continues(&old, &root, &bad));
            }
        }
    }
}

fn flip(hash: &Hash, bit: usize) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    Hash::new(bytes)
}

/// A proof with one bit changed, one hash less, one more, or two in the wrong order.
fn alterations(proof: &[Hash], bit: usize) -> Vec<Vec<Hash>> {
    let mut all = vec![[proof, &[EMPTY_ROOT]].concat()];
    for at in 0..proof.len() {
        let mut changed = proof.to_vec();
        changed[at] = flip(&changed[at], bit);
        all.push(changed);
        let mut shorter = proof.to_vec();
        shorter.remove(at);
        all.push(shorter);
        if at > 0 {
            let mut swapped = proof.to_vec();
            swapped.swap(at - 1, at);
            all.push(swapped);
        }
    }
    all
}
