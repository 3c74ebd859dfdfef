//! As much of HTTP as a load tool needs: one connection that is kept, one request after the other.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::Failed;

/// No answer takes longer than this.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest head and body that are read.
const LARGEST: usize = 16 * 1024 * 1024;

/// An answer, read to its end.
pub struct Answer {
    pub status: u16,
    /// Bytes on the wire, with the head.
    pub bytes: usize,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// Value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// `name=value` of the cookie that is set.
    pub fn cookie(&self) -> Option<&str> {
        self.header("set-cookie")?.split(';').next()
    }
}

/// A connection to the site.
pub struct Client {
    address: String,
    stream: Option<TcpStream>,
    kept: Vec<u8>,
}

impl Client {
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), stream: None, kept: Vec::new() }
    }

    /// Opens a page. A compressed one stays as it is: its length is what counts.
    pub fn get(&mut self, path: &str, more: &str) -> Result<Answer, Failed> {
        let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{more}\r\n", self.address.clone());
        self.send(head.as_bytes())
    }

    /// Sends a form as a browser does from a page of the site.
    pub fn post(&mut self, path: &str, cookie: &str, form: &str) -> Result<Answer, Failed> {
        let (address, length) = (&self.address, form.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n\
             sec-fetch-site: same-origin\r\ncookie: {cookie}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
        );
        self.send(request.as_bytes())
    }

    fn send(&mut self, request: &[u8]) -> Result<Answer, Failed> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect()?,
        };
        stream.write_all(request)?;
        let answer = self.read(&mut stream)?;
        if answer.header("connection").is_none_or(|value| value != "close") {
            self.stream = Some(stream);
        }
        Ok(answer)
    }

    fn connect(&mut self) -> Result<TcpStream, Failed> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        self.kept.clear();
        Ok(stream)
    }

    fn read(&mut self, stream: &mut TcpStream) -> Result<Answer, Failed> {
        let end = loop {
            if let Some(at) = find(&self.kept, b"\r\n\r\n") {
                break at + 4;
            }
            self.more(stream)?;
        };
        let head = String::from_utf8_lossy(self.kept.get(..end).unwrap_or_default()).into_owned();
        self.kept.drain(..end);
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        let mut answer =
            Answer { status: status.ok_or("no status")?, bytes: end, head, body: Vec::new() };
        if let Some(length) = answer.header("content-length") {
            let length: usize = length.parse()?;
            answer.body = self.take(stream, length)?;
            answer.bytes += length;
        } else if answer.header("transfer-encoding").is_some() {
            self.chunks(stream, &mut answer)?;
        }
        Ok(answer)
    }

    fn chunks(&mut self, stream: &mut TcpStream, answer: &mut Answer) -> Result<(), Failed> {
        loop {
            let end = loop {
                if let Some(at) = find(&self.kept, b"\r\n") {
                    break at;
                }
                self.more(stream)?;
            };
            let line = self.take(stream, end + 2)?;
            let size = std::str::from_utf8(line.get(..end).unwrap_or_default())?;
            let size = usize::from_str_radix(size.trim(), 16)?;
            let part = self.take(stream, size + 2)?;
            answer.bytes += line.len() + part.len();
            if size == 0 {
                return Ok(());
            }
            answer.body.extend_from_slice(part.get(..size).unwrap_or_default());
        }
    }

    fn take(&mut self, stream: &mut TcpStream, length: usize) -> Result<Vec<u8>, Failed> {
        while self.kept.len() < length {
            self.more(stream)?;
        }
        Ok(self.kept.drain(..length).collect())
    }

    fn more(&mut self, stream: &mut TcpStream) -> Result<(), Failed> {
        let mut part = [0; 64 * 1024];
        let length = stream.read(&mut part)?;
        if length == 0 || self.kept.len() > LARGEST {
            return Err("the answer broke off".into());
        }
        self.kept.extend_from_slice(part.get(..length).unwrap_or_default());
        Ok(())
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}
