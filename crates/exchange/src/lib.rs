//! Bytes to rows and back: CSV, Excel, encodings, header recognition, problems.
//!
//! The way of a file: [`source::Source::open`] sniffs it and reads the head of every sheet,
//! [`recognise::recognise`] finds data set and columns, [`read::chunks`] streams it in pieces, and
//! [`read::parse`] turns a piece into a [`block::Block`] on any thread.
//!
//! What is deliberately absent: keys, storage and catalogues. Nothing here knows what a programme
//! or a village *is*; names are handed on cleaned. No sentence for people stands here either: a
//! problem is a code with arguments.

mod biff;
pub mod block;
mod csv;
mod encoding;
mod excel;
mod header;
pub mod mapping;
mod ole;
mod package;
mod passed;
pub mod progress;
pub mod read;
pub mod recognise;
mod records;
mod rows;
mod sheet;
pub mod source;
mod title;
mod value;
pub mod write;
