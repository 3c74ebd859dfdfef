//! The pseudonymous lake: keys, identity vault, batches in Parquet, look-up of one person.
