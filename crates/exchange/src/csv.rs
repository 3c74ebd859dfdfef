//! Text files in chunks: bytes are cut at record ends, and decoded where the cutting needs it.

use std::io::Read;

use domain::problem::{Failure, Fault, Place, Problem};
use encoding_rs::{Decoder, Encoding, GB18030, UTF_8};

use crate::records;
use crate::source::{Limits, Stream};

/// Bytes asked for per chunk.
const CHUNK_BYTES: usize = 512 << 10;
const READ_BYTES: usize = 256 << 10;

/// How a text file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextForm {
    /// Encoding of the file.
    pub encoding: &'static Encoding,
    /// Bytes of the byte-order mark.
    pub bom: usize,
    /// Field delimiter, ASCII.
    pub delimiter: u8,
    /// Lines end in a lone carriage return.
    pub cr_only: bool,
}

impl TextForm {
    /// In UTF-8 and GB18030 a line feed and a quote are never part of a character, so bytes can be
    /// cut before they are decoded, and decoding is shared among threads. A bar can be part of one.
    fn cuts_before_decoding(self) -> bool {
        self.encoding == UTF_8 || (self.encoding == GB18030 && self.delimiter != b'|')
    }
}

/// Whole records as they stand in the file.
#[derive(Debug)]
pub struct RawChunk {
    /// The records.
    pub bytes: Vec<u8>,
    /// What `bytes` are encoded in.
    pub encoding: &'static Encoding,
    /// Number of the first record, from 1.
    pub first_row: u32,
    /// Number of records.
    pub rows: u32,
    /// Bytes read from the file for it.
    pub read: u64,
}

/// Cuts a text file.
pub struct TextChunks {
    stream: Stream,
    form: TextForm,
    limits: Limits,
    file: String,
    decoder: Option<Decoder>,
    /// Bytes read and not yet handed out.
    pending: Vec<u8>,
    next_row: u32,
    skip: u32,
    unreported: u64,
    at_end: bool,
}

impl TextChunks {
    /// Chunks from the record after the first `skip`.
    pub fn new(
        stream: Stream,
        form: TextForm,
        limits: &Limits,
        file: &str,
        skip: u32,
    ) -> Result<Self, Failure> {
        let decoder = (!form.cuts_before_decoding())
            .then(|| form.encoding.new_decoder_without_bom_handling());
        let mut chunks = Self {
            stream,
            form,
            limits: limits.clone(),
            file: file.to_owned(),
            decoder,
            pending: Vec::new(),
            next_row: 1,
            skip,
            unreported: 0,
            at_end: false,
        };
        let mut bom = vec![0; form.bom];
        chunks.stream.read_exact(&mut bom).map_err(|e| Fault::new("read file", e))?;
        chunks.unreported = bom.len() as u64;
        Ok(chunks)
    }

    fn fill(&mut self, wanted: usize) -> Result<(), Failure> {
        while self.pending.len() < wanted && !self.at_end {
            let start = self.pending.len();
            match self.decoder.take() {
                None => self.read_raw(wanted - start)?,
                Some(mut decoder) => {
                    self.read_decoded(&mut decoder)?;
                    self.decoder = Some(decoder);
                }
            }
            if self.form.cr_only {
                let new = self.pending.iter_mut().skip(start);
                new.filter(|b| **b == b'\r').for_each(|b| *b = b'\n');
            }
        }
        Ok(())
    }

    /// Reads straight behind what is pending.
    fn read_raw(&mut self, most: usize) -> Result<(), Failure> {
        self.pending.reserve(most);
        let read = (&mut self.stream).take(most as u64).read_to_end(&mut self.pending);
        let count = read.map_err(|e| Fault::new("read file", e))?;
        self.at_end = count < most;
        self.unreported += count as u64;
        Ok(())
    }

    fn read_decoded(&mut self, decoder: &mut Decoder) -> Result<(), Failure> {
        let mut raw = vec![0; READ_BYTES];
        let count = self.stream.read(&mut raw).map_err(|e| Fault::new("read file", e))?;
        self.at_end = count == 0;
        self.unreported += count as u64;
        let raw = raw.get(..count).unwrap_or_default();
        let room = decoder.max_utf8_buffer_length(count).unwrap_or(READ_BYTES * 4);
        let mut text = String::with_capacity(room);
        let _progress = decoder.decode_to_string(raw, &mut text, self.at_end);
        self.pending.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// The next whole records: at most `most` of them, as many as are at hand.
    fn take(&mut self, most: u32) -> Result<Option<RawChunk>, Failure> {
        let mut wanted = CHUNK_BYTES;
        loop {
            self.fill(wanted)?;
            if self.pending.is_empty() {
                return Ok(None);
            }
            let mut found = records::scan(&self.pending, self.form.delimiter, most);
            if self.at_end && found.records < most && found.cut < self.pending.len() {
                if found.quote_open {
                    return Err(self.problem("quote-not-closed", found.records));
                }
                found.cut = self.pending.len();
                found.records += 1;
            }
            if found.cut > 0 {
                return Ok(Some(self.hand_out(found)));
            }
            if self.pending.len() > self.limits.max_line_bytes {
                let code = if found.quote_open { "quote-not-closed" } else { "line-too-long" };
                return Err(self.problem(code, 0));
            }
            wanted = self.pending.len() + CHUNK_BYTES;
        }
    }

    fn hand_out(&mut self, found: records::Scan) -> RawChunk {
        let rest = self.pending.split_off(found.cut);
        let bytes = std::mem::replace(&mut self.pending, rest);
        let first_row = self.next_row;
        self.next_row = self.next_row.saturating_add(found.records);
        RawChunk {
            bytes,
            encoding: if self.decoder.is_some() { UTF_8 } else { self.form.encoding },
            first_row,
            rows: found.records,
            read: std::mem::take(&mut self.unreported),
        }
    }

    fn problem(&self, code: &'static str, records: u32) -> Failure {
        let row = u64::from(self.next_row) + u64::from(records);
        let place = Place { row: Some(row), ..Place::file(&self.file) };
        Problem::new(code, place).with("limit_mib", self.limits.max_line_bytes >> 20).into()
    }
}

impl Iterator for TextChunks {
    type Item = Result<RawChunk, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.skip > 0 {
            match self.take(self.skip) {
                Ok(Some(skipped)) => {
                    self.skip = self.skip.saturating_sub(skipped.rows);
                    self.unreported += skipped.read;
                }
                Ok(None) => return None,
                Err(failure) => return self.stop(failure),
            }
        }
        match self.take(u32::MAX) {
            Ok(chunk) => chunk.map(Ok),
            Err(failure) => self.stop(failure),
        }
    }
}

impl TextChunks {
    /// An error ends the stream: nothing after it can be trusted to stand where it seems to.
    fn stop(&mut self, failure: Failure) -> Option<Result<RawChunk, Failure>> {
        self.at_end = true;
        self.pending.clear();
        Some(Err(failure))
    }
}
