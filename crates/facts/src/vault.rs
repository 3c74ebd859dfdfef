//! The identity vault: what stands behind the keys of one batch, sealed.
//!
//! ```text
//! "MBVAULT1"  batch u32  blocks u32  nonce prefix [16]
//! per block   sort u8  first key u64  length u32
//! blocks      XChaCha20-Poly1305 of entries: key u64, length u16, text
//! ```
//! Numbers are little-endian. Entries are sorted by sort, key and text; a block holds one sort.
//! Every block has the nonce prefix and its own number as nonce, and batch, number and index entry
//! as associated data: a block that was changed, moved or taken from elsewhere does not open.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::problem::{Failure, Fault};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::batch::Batch;
use crate::disk;
use crate::keys::{Keys, Sort, hex, random};
use crate::load;
use crate::ordered;

const MAGIC: &[u8; 8] = b"MBVAULT1";
/// Entries of a block: what is opened to look up one person.
const BLOCK_ENTRIES: usize = 128;
/// Bytes of an entry of the index.
const INDEX_ENTRY: usize = 13;
/// Longest text kept; a cell that is longer names nobody.
const TEXT_BYTES: usize = u16::MAX as usize;
const PREFIX: usize = 16;
/// Bytes of an entry before its text.
const ENTRY_HEAD: usize = 10;
/// Bytes by which a sealed block is longer than its entries.
const TAG: usize = 16;
/// Blocks that a thread seals at a time.
const SHARE: usize = 256;

/// An entry to be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry<'a> {
    /// What the key stands for.
    pub sort: Sort,
    /// The key.
    pub key: u64,
    /// What stands behind it.
    pub text: &'a str,
}

/// Where a block lies.
#[derive(Debug, Clone, Copy)]
struct BlockPlace {
    sort: u8,
    first: u64,
    length: u32,
    offset: u64,
}

/// Seals entries into a file and returns its SHA-256. `entries` are sorted.
pub fn write(
    path: &Path,
    entries: &[Entry<'_>],
    batch: u32,
    keys: &Keys,
    threads: usize,
) -> Result<String, Failure> {
    let mut prefix = [0; PREFIX];
    random(&mut prefix)?;
    let groups = entries.chunk_by(|a, b| a.sort == b.sort);
    let blocks: Vec<&[Entry<'_>]> = groups.flat_map(|g| g.chunks(BLOCK_ENTRIES)).collect();
    let sealer = Sealer::new(keys, prefix, batch);
    let mut head = Vec::with_capacity(64 + INDEX_ENTRY * blocks.len());
    head.extend_from_slice(MAGIC);
    head.extend_from_slice(&batch.to_le_bytes());
    head.extend_from_slice(&length(blocks.len())?.to_le_bytes());
    head.extend_from_slice(&prefix);
    for block in &blocks {
        let (sort, first) = block.first().map_or((0, 0), |e| (e.sort as u8, e.key));
        head.push(sort);
        head.extend_from_slice(&first.to_le_bytes());
        head.extend_from_slice(&length(sealed_bytes(block))?.to_le_bytes());
    }
    let failure = |e: std::io::Error| disk::failure("write vault", path, &e);
    let mut out = std::io::BufWriter::with_capacity(1 << 20, disk::new_file(path)?);
    let mut digest = Sha256::new_with_prefix(&head);
    out.write_all(&head).map_err(failure)?;
    let shares = (0..).step_by(SHARE).zip(blocks.chunks(SHARE)).collect();
    let seal = |(start, share): (u64, &[&[Entry<'_>]])| {
        let mut sealed = Vec::new();
        for (at, block) in (start..).zip(share) {
            sealed.extend(sealer.seal(at, block)?);
        }
        Ok(sealed)
    };
    ordered::each("seal vault", shares, threads, seal, &mut |sealed| {
        digest.update(&sealed);
        out.write_all(&sealed).map_err(failure)
    })?;
    out.flush().map_err(failure)?;
    out.get_ref().sync_all().map_err(failure)?;
    Ok(hex(&digest.finalize()))
}

fn length(count: usize) -> Result<u32, Fault> {
    u32::try_from(count).map_err(|_| Fault::new("seal vault", "too large"))
}

/// The text of an entry, as far as it is kept.
fn kept<'a>(entry: &Entry<'a>) -> &'a [u8] {
    let text = entry.text.as_bytes();
    text.get(..TEXT_BYTES).unwrap_or(text)
}

/// Bytes that a block takes in the file.
fn sealed_bytes(block: &[Entry<'_>]) -> usize {
    block.iter().map(|entry| ENTRY_HEAD + kept(entry).len()).sum::<usize>() + TAG
}

struct Sealer {
    cipher: XChaCha20Poly1305,
    prefix: [u8; PREFIX],
    batch: u32,
}

impl Sealer {
    fn new(keys: &Keys, prefix: [u8; PREFIX], batch: u32) -> Self {
        Self { cipher: XChaCha20Poly1305::new(&keys.vault.into()), prefix, batch }
    }

    fn seal(&self, at: u64, entries: &[Entry<'_>]) -> Result<Vec<u8>, Fault> {
        let mut plain = Vec::with_capacity(entries.len() * 40);
        for entry in entries {
            let text = kept(entry);
            plain.extend_from_slice(&entry.key.to_le_bytes());
            plain.extend_from_slice(&(text.len() as u16).to_le_bytes());
            plain.extend_from_slice(text);
        }
        let (sort, first) = entries.first().map_or((0, 0), |e| (e.sort as u8, e.key));
        let aad = self.aad(at, sort, first);
        let sealed = self.cipher.encrypt(&self.nonce(at), Payload { msg: &plain, aad: &aad });
        sealed.map_err(|e| Fault::new("seal vault", e))
    }

    fn open(&self, at: u64, place: &BlockPlace, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        let aad = self.aad(at, place.sort, place.first);
        let opened = self.cipher.decrypt(&self.nonce(at), Payload { msg: sealed, aad: &aad });
        opened.map_err(|_| {
            Fault::new("open vault", format!("batch {}, block {at} was altered", self.batch))
        })
    }

    fn nonce(&self, at: u64) -> XNonce {
        let mut nonce = XNonce::default();
        let bytes = self.prefix.iter().copied().chain(at.to_le_bytes());
        nonce.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        nonce
    }

    fn aad(&self, at: u64, sort: u8, first: u64) -> Vec<u8> {
        let mut aad = Vec::with_capacity(21);
        aad.extend_from_slice(&self.batch.to_le_bytes());
        aad.extend_from_slice(&at.to_le_bytes());
        aad.push(sort);
        aad.extend_from_slice(&first.to_le_bytes());
        aad
    }
}

/// Identity of a person as the vault holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// ID number; empty for rows without one.
    pub id_number: String,
    /// Name; the first one where files disagree.
    pub name: String,
}

/// The opened vaults of all live batches.
pub struct Vault {
    files: Vec<VaultFile>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("files", &self.files.len()).finish()
    }
}

/// The opened vault of one batch.
pub struct VaultFile {
    path: PathBuf,
    file: File,
    places: Vec<BlockPlace>,
    sealer: Sealer,
    opened: AtomicU64,
}

impl Vault {
    /// Opens the vaults of batches: reads their indexes, opens no block.
    pub(crate) fn open(batches: &[Batch], keys: &Keys) -> Result<Self, Failure> {
        let open = |batch: &Batch| VaultFile::open(batch.vault(), batch.manifest.batch, keys);
        let mut files = Vec::with_capacity(batches.len());
        let batches = batches.iter().collect();
        ordered::each("open vault", batches, load::threads(), open, &mut |file| {
            files.push(file);
            Ok(())
        })?;
        Ok(Self { files })
    }

    /// Identities of people, by ascending key; people unknown to the vault are left out.
    ///
    /// # Errors
    /// When a vault was damaged or altered.
    pub fn identities(&self, people: &[u64]) -> Result<Vec<(u64, Identity)>, Failure> {
        let numbers = self.texts(Sort::Person, people)?;
        let names = self.texts(Sort::Known, people)?;
        let mut found = std::collections::BTreeMap::<u64, Identity>::new();
        for (key, text) in numbers {
            let identity = found.entry(key).or_default();
            if !identity.id_number.is_empty() && identity.id_number != text {
                return Err(Fault::new("open vault", "two ID numbers share a key").into());
            }
            identity.id_number = text;
        }
        for (key, text) in names {
            let identity = found.entry(key).or_default();
            if identity.name.is_empty() {
                identity.name = text;
            }
        }
        Ok(found.into_iter().collect())
    }

    /// The ID number of a person.
    ///
    /// # Errors
    /// When a vault was damaged or altered.
    pub fn id_number(&self, person: u64) -> Result<Option<String>, Failure> {
        Ok(self.texts(Sort::Person, &[person])?.into_iter().next().map(|(_, text)| text))
    }

    /// All names under which files know a person, ascending.
    ///
    /// # Errors
    /// When a vault was damaged or altered.
    pub fn names(&self, person: u64) -> Result<Vec<String>, Failure> {
        let found = self.texts(Sort::Known, &[person])?;
        let mut names: Vec<String> = found.into_iter().map(|(_, text)| text).collect();
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// The name behind a name key.
    ///
    /// # Errors
    /// When a vault was damaged or altered.
    pub fn name(&self, key: u64) -> Result<Option<String>, Failure> {
        Ok(self.texts(Sort::Name, &[key])?.into_iter().next().map(|(_, text)| text))
    }

    /// The account behind an account key.
    ///
    /// # Errors
    /// When a vault was damaged or altered.
    pub fn account(&self, key: u64) -> Result<Option<String>, Failure> {
        Ok(self.texts(Sort::Account, &[key])?.into_iter().next().map(|(_, text)| text))
    }

    /// Texts behind keys, batch by batch, each in the order of keys.
    fn texts(&self, sort: Sort, keys: &[u64]) -> Result<Vec<(u64, String)>, Failure> {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.dedup();
        let mut found = Vec::new();
        for file in &self.files {
            file.texts(sort as u8, &keys, &mut found)?;
        }
        Ok(found)
    }
}

impl VaultFile {
    /// Opens a vault: reads its index, opens no block.
    pub fn open(path: PathBuf, batch: u32, keys: &Keys) -> Result<Self, Failure> {
        let failure = |e: std::io::Error| disk::failure("open vault", &path, &e);
        let file = File::open(&path).map_err(failure)?;
        let mut reader = BufReader::with_capacity(1 << 16, &file);
        let mut head = [0; 16];
        reader.read_exact(&mut head).map_err(failure)?;
        let mut prefix = [0; PREFIX];
        reader.read_exact(&mut prefix).map_err(failure)?;
        let (magic, numbers) = head.split_at(8);
        let (stated, blocks) = numbers.split_at(4);
        if magic != MAGIC || le_u32(stated) != batch {
            let detail = format!("{}: not the vault of batch {batch}", path.display());
            return Err(Fault::new("open vault", detail).into());
        }
        let (mut index, bytes) = (Vec::new(), INDEX_ENTRY as u64 * u64::from(le_u32(blocks)));
        reader.take(bytes).read_to_end(&mut index).map_err(failure)?;
        let mut offset = 32 + bytes;
        let place = |[sort, rest @ ..]: &[u8; INDEX_ENTRY]| {
            let (first, length) = rest.split_at(8);
            let length = le_u32(length);
            let place = BlockPlace { sort: *sort, first: le_u64(first), length, offset };
            offset += u64::from(length);
            place
        };
        let (entries, _) = index.as_chunks();
        let places: Vec<BlockPlace> = entries.iter().map(place).collect();
        if places.len() != le_u32(blocks) as usize {
            let detail = format!("{}: cut off", path.display());
            return Err(Fault::new("open vault", detail).into());
        }
        let sealer = Sealer::new(keys, prefix, batch);
        Ok(Self { path, file, places, sealer, opened: AtomicU64::new(0) })
    }

    /// Looks up ascending keys. Each block is opened once.
    fn texts(&self, sort: u8, keys: &[u64], found: &mut Vec<(u64, String)>) -> Result<(), Failure> {
        let mut rest = keys;
        let of_sort = self.places.partition_point(|p| p.sort < sort);
        let before = |p: &BlockPlace| (p.sort, Some(&p.first)) < (sort, keys.first());
        let start = of_sort.max(self.places.partition_point(before).saturating_sub(1));
        let blocks = self.places.iter().enumerate().skip(start).take_while(|(_, p)| p.sort == sort);
        let mut blocks = blocks.peekable();
        while let (Some((at, place)), Some(first)) = (blocks.next(), rest.first()) {
            // Entries of one key may go on in the next block, so a block that begins with the
            // wanted key does not rule out the one before.
            let next = blocks.peek().map(|(_, next)| next.first);
            if next.is_some_and(|next| next < *first) {
                continue;
            }
            let until = next.map_or(rest.len(), |next| rest.partition_point(|key| *key <= next));
            let (wanted, _) = rest.split_at(until);
            if wanted.iter().any(|key| *key >= place.first) {
                let plain = self.block(at, place)?;
                collect(&plain, wanted, found);
            }
            let done = next.map_or(rest.len(), |next| rest.partition_point(|key| *key < next));
            rest = rest.get(done..).unwrap_or_default();
        }
        Ok(())
    }

    /// Blocks of one sort.
    fn blocks(&self, sort: Sort) -> &[BlockPlace] {
        let start = self.places.partition_point(|p| p.sort < sort as u8);
        let end = self.places.partition_point(|p| p.sort <= sort as u8);
        self.places.get(start..end).unwrap_or_default()
    }

    /// How many blocks were opened so far.
    pub fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }

    /// Whether the vault holds texts of a sort.
    pub fn holds(&self, sort: Sort) -> bool {
        !self.blocks(sort).is_empty()
    }

    /// Texts behind a key. Opens two blocks wherever the sort has any, whether the key is known or
    /// not, so that the work says nothing about it.
    pub fn near(&self, sort: Sort, key: u64) -> Result<Vec<Zeroizing<String>>, Failure> {
        let blocks = self.blocks(sort);
        let Some(last) = blocks.len().checked_sub(1) else { return Ok(Vec::new()) };
        let start = self.places.partition_point(|p| p.sort < sort as u8);
        let first = blocks.partition_point(|p| p.first < key).saturating_sub(1);
        let first = first.min(last.saturating_sub(1));
        let mut found = Vec::new();
        for at in [first, (first + 1).min(last)] {
            let Some(place) = blocks.get(at) else { continue };
            collect(&self.block(start + at, place)?, &[key], &mut found);
        }
        Ok(found.into_iter().map(|(_, text)| Zeroizing::new(text)).collect())
    }

    fn block(&self, at: usize, place: &BlockPlace) -> Result<Zeroizing<Vec<u8>>, Failure> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        let mut sealed = vec![0; place.length as usize];
        let read = self.file.read_exact_at(&mut sealed, place.offset);
        read.map_err(|e| disk::failure("open vault", &self.path, &e))?;
        Ok(Zeroizing::new(self.sealer.open(at as u64, place, &sealed)?))
    }
}

/// Takes the texts of wanted keys out of an opened block.
fn collect(mut plain: &[u8], wanted: &[u64], found: &mut Vec<(u64, String)>) {
    while let Some((head, rest)) = plain.split_at_checked(10) {
        let (key, length) = head.split_at(8);
        let length = usize::from(u16::from_le_bytes(length.try_into().unwrap_or_default()));
        let (text, rest) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let key = le_u64(key);
        if wanted.binary_search(&key).is_ok() {
            found.push((key, String::from_utf8_lossy(text).into_owned()));
        }
        plain = rest;
    }
}

fn le_u32(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().unwrap_or_default())
}

fn le_u64(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().unwrap_or_default())
}
