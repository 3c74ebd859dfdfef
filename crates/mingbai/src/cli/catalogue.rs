//! Arguments of the commands that read the catalogues and need no register.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct Catalogue {
    #[command(subcommand)]
    pub act: CatalogueAct,
}

#[derive(Debug, Subcommand)]
pub enum CatalogueAct {
    Check,
    Show { code: String },
    Diff { other: PathBuf },
}

#[derive(Debug, Args)]
pub struct Flowchart {
    pub item: String,
    #[arg(short, value_name = "FILE")]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct Due {
    #[arg(long, value_name = "CODE")]
    pub rule: String,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: String,
    #[arg(long)]
    pub explain: bool,
}
