//! Bytes to rows and back: CSV, Excel, encodings, header recognition, problems.
