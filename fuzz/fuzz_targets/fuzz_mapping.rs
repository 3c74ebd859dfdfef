#![no_main]

use exchange::mapping::Mapping;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(mapping) = Mapping::parse("mapping.toml", text) {
        let again = Mapping::parse("mapping.toml", &mapping.to_toml());
        assert!(again.is_ok(), "what we write we can read");
    }
});
