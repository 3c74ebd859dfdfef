//! Architecture and style tests. No dependencies.
