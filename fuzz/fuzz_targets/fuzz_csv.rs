#![no_main]

use libfuzzer_sys::fuzz_target;

// A header that is understood gets the fuzzer past recognition.
fuzz_target!(|bytes: &[u8]| {
    fuzz::read_all("payments.csv", bytes);
    fuzz::read_all("payments.csv", &[b"name,id,period,amount\n", bytes].concat());
});
