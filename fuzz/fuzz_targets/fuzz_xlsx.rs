#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(init: fuzz::watch_only_our_panics(), |bytes: &[u8]| fuzz::read_all("payments.xlsx", bytes));
