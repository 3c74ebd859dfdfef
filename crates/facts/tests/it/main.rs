//! Data folders from outside: import, load, look up, take back, and what may go wrong.
#![cfg(test)]

mod death;
mod given;
mod import;
mod intake;
mod kept;
mod load;
mod own;
mod people;
mod secrets;
mod seen;
