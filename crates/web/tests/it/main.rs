//! Integration tests of `web`: requests to the whole site, on a real register with the shipped rules.
#![cfg(test)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::disallowed_methods, reason = "a test measures how long a door takes to answer")]

mod access;
mod admin;
mod api;
mod around;
mod codes;
mod county;
mod desk;
mod door;
mod drafts;
mod forms;
mod hall;
mod hardening;
mod headers;
mod imports;
mod leaks;
mod logs;
mod objects;
mod reader;
mod reports;
mod server;
mod shelf;
mod speak;
mod transfers;
mod uploads;
mod villager;
mod wechat;
mod wecom;
