//! Arguments of the commands of stepped-up supervision and joint work.

use clap::{Args, Subcommand};

use super::register::{Desk, Who};

#[derive(Debug, Args)]
pub struct Stepped {
    #[command(subcommand)]
    pub act: SteppedAct,
}

/// Figures of a village's year.
#[derive(Debug, Clone, Args)]
pub struct YearFigures {
    #[arg(long, value_name = "CODE")]
    pub place: String,
    #[arg(long, value_name = "YYYY")]
    pub year: i64,
    #[arg(long, value_name = "YUAN")]
    pub income: Option<String>,
    #[arg(long, value_name = "YUAN")]
    pub funds: Option<String>,
    #[arg(long, value_name = "COUNT")]
    pub residents: Option<i64>,
    #[arg(long, value_name = "TEXT")]
    pub source: String,
}

/// A village that is to come under supervision.
#[derive(Debug, Clone, Args)]
pub struct Under {
    #[arg(long, value_name = "CODE")]
    pub place: String,
    #[arg(long, value_name = "ID")]
    pub leader: String,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: String,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub until: String,
    #[arg(long = "way", value_name = "CODE=TEXT")]
    pub ways: Vec<String>,
    #[arg(long)]
    pub reason: String,
}

#[derive(Debug, Subcommand)]
pub enum SteppedAct {
    Figures {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        figures: Box<YearFigures>,
    },
    /// What was paid in each village, from the facts.
    #[cfg(feature = "screening")]
    Payments {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "YYYY")]
        year: i32,
    },
    Propose {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
    },
    Scores {
        #[command(flatten)]
        desk: Desk,
        quarter: String,
        #[arg(long)]
        all: bool,
    },
    Change {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        quarter: String,
        #[arg(long, value_name = "CODE")]
        place: String,
        #[arg(long)]
        off: bool,
        #[arg(long)]
        reason: String,
    },
    Approve {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        quarter: String,
    },
    Begin {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        village: Box<Under>,
    },
    Decide {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        object: bool,
        #[arg(long)]
        reason: String,
    },
    End {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        reason: String,
    },
    Prolong {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: String,
        #[arg(long)]
        reason: String,
    },
    List {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
    Show {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
    },
    Notices {
        #[command(flatten)]
        desk: Desk,
    },
    Owed {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "CODE")]
        place: String,
        #[arg(long, value_name = "YYYY-MM")]
        month: String,
    },
    Checkers {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
    Assign {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        first: String,
        second: String,
        #[arg(required = true, value_name = "CODE")]
        items: Vec<String>,
    },
    Record {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(required = true, value_name = "CODE")]
        items: Vec<String>,
        #[arg(long)]
        problem: bool,
        #[arg(long)]
        note: String,
    },
    Agree {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(required = true, value_name = "CODE")]
        items: Vec<String>,
        #[arg(long)]
        object: bool,
    },
    Measure {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        kind: String,
        #[arg(long)]
        note: String,
        #[arg(long, value_name = "NUMBER")]
        rectification: Option<String>,
    },
    Done {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        measure: String,
        #[arg(long)]
        note: String,
    },
}

#[derive(Debug, Args)]
pub struct Areas {
    #[command(subcommand)]
    pub act: AreaAct,
}

#[derive(Debug, Subcommand)]
pub enum AreaAct {
    Lead {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        area: String,
        #[arg(long, value_name = "CODE")]
        office: String,
        #[arg(long, value_name = "ID")]
        leader: String,
    },
    List {
        #[command(flatten)]
        desk: Desk,
    },
}

#[derive(Debug, Args)]
pub struct Cooperate {
    #[command(subcommand)]
    pub act: CooperateAct,
}

/// A cooperation that is asked for.
#[derive(Debug, Clone, Args)]
pub struct Asked {
    #[arg(long, value_name = "CODE")]
    pub kind: String,
    #[arg(long, value_name = "CODE")]
    pub place: String,
    #[arg(long, value_name = "KIND=NUMBER")]
    pub thing: Option<String>,
    #[arg(long = "helper", value_name = "ID")]
    pub helpers: Vec<String>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: String,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub until: String,
    #[arg(long)]
    pub reason: String,
}

#[derive(Debug, Subcommand)]
pub enum CooperateAct {
    Ask {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        asked: Box<Asked>,
    },
    Decide {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        object: bool,
    },
    End {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        result: String,
    },
    List {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
}

#[derive(Debug, Args)]
pub struct Campaigns {
    #[command(subcommand)]
    pub act: CampaignAct,
}

/// A campaign that is planned.
#[derive(Debug, Clone, Args)]
pub struct CampaignPlan {
    #[arg(long, value_name = "CODE")]
    pub kind: String,
    #[arg(long)]
    pub title: String,
    #[arg(long, value_name = "CODE")]
    pub place: String,
    #[arg(long)]
    pub purpose: String,
    #[arg(long = "bureau", value_name = "CODE")]
    pub bureaus: Vec<String>,
    #[arg(long = "member", value_name = "ID")]
    pub team: Vec<String>,
    #[arg(long = "point", value_name = "TEXT")]
    pub points: Vec<String>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: String,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub until: String,
}

#[derive(Debug, Subcommand)]
pub enum CampaignAct {
    Plan {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        plan: Box<CampaignPlan>,
    },
    Decide {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        object: bool,
    },
    Record {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        point: i64,
        #[arg(long)]
        problem: bool,
        #[arg(long)]
        note: String,
    },
    Link {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        finding: String,
    },
    Close {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        result: String,
    },
    List {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
}
