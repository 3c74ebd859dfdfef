//! A small made-up catalogue for tests: nothing in it is law.

use super::Catalogue;
use crate::problem::Problem;

pub(super) const FILES: &[(&str, &str)] = &[
    ("power/A01-matters.toml", POWER),
    ("power/C02-invoices.toml", OWN_STEPS),
    ("procedures/six-step.toml", PROCEDURE),
    ("bodies.toml", BODIES),
    ("tiers.toml", TIERS),
    ("disclosure/village.toml", DUTIES),
    ("profiles/decisions.toml", PROFILE),
    ("roles.toml", ROLES),
    ("negative.toml", NEGATIVE),
    ("deadlines/own.toml", DEADLINES),
    ("calendars/2026.toml", CALENDAR),
    ("instruments.toml", INSTRUMENTS),
    ("terms.toml", TERMS),
    ("README.md", "not read"),
    ("benefits/S01-rural.toml", "not read either"),
];

const POWER: &str = r#"code = "A01"
title = { zh = "村级重大事项决策", en = "Major village decision" }
category = "A"
profiles = ["core27"]
owner = ["VPS"]
trigger = "need"
[[versions]]
from = "2020-01-01"
procedure = "six-step"
documents = ["minutes"]
service.who = { zh = "村民", en = "villagers" }
service.bring = ["proposal"]
service.fee_fen = 0
service.promise = { count = 30, unit = "working_day" }
service.promise_confidence = "D"
disclosure = ["V20"]
risks = [{ text = { zh = "跳步", en = "steps are skipped" }, models = ["M41"] }]
negative = ["N01"]
retention = "permanent"
basis = [{ instrument = "law", confidence = "F" }]
"#;

const OWN_STEPS: &str = r#"code = "C02"
title = { zh = "票据报销", en = "Invoices" }
category = "C"
profiles = []
owner = ["VPS"]
trigger = "event"
[[versions]]
from = "2020-01-01"
service = { who = { zh = "村民", en = "villagers" } }
disclosure = []
risks = []
retention = "permanent"
basis = [{ instrument = "law", confidence = "F" }]
[[versions.steps]]
code = "post"
stage = "disclose"
title = { zh = "公开票据", en = "Publish invoices" }
actors = ["VC"]
[[versions.steps]]
code = "filed"
stage = "archive"
title = { zh = "归档票据", en = "File invoices" }
actors = ["VC"]
"#;

const PROCEDURE: &str = r#"code = "six-step"
title = { zh = "六步工作法", en = "Six steps" }
[[versions]]
from = "2015-01-01"
basis = [{ instrument = "law", confidence = "F" }]
[[versions.steps]]
code = "propose"
stage = "propose"
title = { zh = "提出方案", en = "Propose" }
actors = ["VPS"]
gates = [{ kind = "documents", codes = ["proposal"] }]
[[versions.steps]]
code = "review"
stage = "review"
title = { zh = "审查方案", en = "Review the proposal" }
actors = ["VSC", "VC"]
due = "MB-01"
gates = [{ kind = "countersign", roles = ["VC"] }]
[[versions.steps]]
code = "hearing"
stage = "review"
title = { zh = "听取意见", en = "Hear opinions" }
actors = ["VC"]
after = ["propose"]
optional = true
repeats = true
[[versions.steps]]
code = "decide"
stage = "decide"
title = { zh = "会议表决", en = "Vote in the meeting" }
actors = ["VRM"]
after = ["propose"]
after_any = ["review", "hearing"]
gates = [
  { kind = "meeting", body = "by_tier" },
  { kind = "meeting", body = "VRM" },
  { kind = "check", role = "VSC" },
  { kind = "head_speaks_last" },
  { kind = "recorded_ballots" },
  { kind = "extra_signature", posts = ["VPS", "VC"], signers = ["VSC"] },
]
[[versions.steps]]
code = "notice"
stage = "disclose"
title = { zh = "公示决议", en = "Publish the decision" }
actors = ["VC"]
[[versions.steps]]
code = "pay"
stage = "pay"
title = { zh = "付款", en = "Pay" }
actors = ["VC"]
gates = [
  { kind = "elapsed", step = "decide", rule = "MB-02" },
  { kind = "within_decided", step = "decide", over_bp = 250 },
  { kind = "other_person", steps = ["propose"], rule = "SD03" },
]
[[versions.steps]]
code = "archive"
stage = "archive"
title = { zh = "归档", en = "Put on file" }
actors = ["VC"]
gates = [
  { kind = "published", step = "notice", rule = "MB-02" },
  { kind = "no_open_questions" },
]
"#;

const BODIES: &str = r#"[[bodies]]
code = "VRM"
title = { zh = "村民代表会议", en = "Representatives" }
[[bodies.versions]]
from = "2015-01-01"
quorum = [{ numerator = 2, denominator = 3, of = "members" }]
majority = { numerator = 1, denominator = 2, of = "present", more_than = true }
notice = { count = 3, unit = "calendar_day" }
basis = [{ instrument = "law", confidence = "F" }]
"#;

const TIERS: &str = r#"[[sets]]
from = "2015-01-01"
basis = [{ instrument = "law", confidence = "D" }]
tiers = [
  { code = "T1", title = { zh = "小额", en = "small" }, below_fen = 1000000, body = "VRM" },
  { code = "T2", title = { zh = "大额", en = "large" }, body = "VRM", countersign = ["VSC"] },
]
"#;

const DUTIES: &str = r#"[[duties]]
code = "V20"
title = { zh = "重大决策", en = "Decisions" }
class = "village"
part_of = "V2"
[[duties.versions]]
from = "2015-01-01"
frequency = ["month", "event"]
due_day = 10
due_after = { count = 3, unit = "working_day" }
min_public = { count = 10, unit = "calendar_day" }
profile = "decisions"
channels = ["board", "web"]
needs_check = false
retention = "permanent"
basis = [{ instrument = "law", confidence = "F" }]
[[duties]]
code = "V2"
title = { zh = "决策", en = "All decisions" }
class = "village"
[[duties.versions]]
from = "2015-01-01"
frequency = ["standing"]
min_public = { count = 10, unit = "calendar_day" }
profile = "decisions"
channels = ["board"]
needs_check = true
retention = "permanent"
basis = [{ instrument = "law", confidence = "F" }]
"#;

const PROFILE: &str = r#"code = "decisions"
title = { zh = "决策清单", en = "List of decisions" }
[[versions]]
from = "2015-01-01"
basis = [{ instrument = "law", confidence = "F" }]
[versions.fields]
name = "mask"
amount = "show"
id_number = "hide"
phone = "hide"
"#;

const ROLES: &str = r#"[[roles]]
code = "VPS"
title = { zh = "村党组织书记", en = "Party secretary" }
level = "village"
duties = [{ zh = "主持", en = "leads" }]
excludes = ["VSC"]
basis = [{ instrument = "law", confidence = "F" }]
[[roles]]
code = "VSC"
title = { zh = "村务监督委员会", en = "Supervision committee" }
level = "village"
duties = [{ zh = "监督", en = "supervises" }]
basis = [{ instrument = "law", confidence = "F" }]
[[roles]]
code = "VC"
title = { zh = "村民委员会", en = "Villagers' committee" }
level = "village"
duties = [{ zh = "执行", en = "carries out" }]
basis = [{ instrument = "law", confidence = "F" }]
[[roles]]
code = "VRM"
title = { zh = "村民代表会议", en = "Representatives" }
level = "village"
body = true
duties = [{ zh = "表决", en = "decides" }]
basis = [{ instrument = "law", confidence = "F" }]
"#;

const NEGATIVE: &str = r#"[[entries]]
code = "N01"
text = { zh = "不得个人说了算", en = "Nobody decides alone" }
basis = [{ instrument = "law", confidence = "F" }]
"#;

const DEADLINES: &str = r#"[[rules]]
code = "MB-01"
title = { zh = "审查期限", en = "Review" }
trigger = { zh = "提出之日", en = "proposal" }
owner = ["VSC"]
[[rules.versions]]
from = "2015-01-01"
limit = { count = 5, unit = "working_day" }
sense = "at_most"
extension = { limit = { count = 5, unit = "working_day" }, times = 1, approver = "VPS" }
pauses = ["supplement"]
local = true
basis = [{ instrument = "law", confidence = "F" }]
[[rules]]
code = "MB-02"
title = { zh = "公示期", en = "Publicity" }
trigger = { zh = "公示之日", en = "publication" }
[[rules.versions]]
from = "2015-01-01"
limit = { count = 7, unit = "calendar_day" }
sense = "at_least"
basis = [{ instrument = "law", confidence = "F" }]
"#;

const CALENDAR: &str = r#"year = 2026
version = 1
off = [["2026-01-01", "new_year"], ["2026-10-01", "national"], ["2026-10-08", "national"]]
make_up = ["2026-10-10"]
basis = [{ instrument = "law", confidence = "F" }]
"#;

const INSTRUMENTS: &str = r#"[law]
title = { zh = "法", en = "Law" }
from = "2014-05-01"
confidence = "F"
"#;

const TERMS: &str = r#"[stage]
propose = { zh = "提议", en = "proposal" }
review = { zh = "审查", en = "review" }
decide = { zh = "决定", en = "decision" }
disclose = { zh = "公开", en = "disclosure" }
pay = { zh = "支付", en = "payment" }
archive = { zh = "建档", en = "archive" }
[document]
proposal = { zh = "方案", en = "proposal" }
minutes = { zh = "会议记录", en = "minutes" }
[channel]
board = { zh = "公开栏", en = "notice board" }
web = { zh = "网站", en = "website" }
[retention]
permanent = { zh = "永久", en = "permanent" }
[trigger]
need = { zh = "按需", en = "as needed" }
event = { zh = "事件", en = "event" }
[pause]
supplement = { zh = "补正", en = "more papers" }
[festival]
new_year = { zh = "元旦", en = "New Year" }
national = { zh = "国庆节", en = "National Day" }
[field]
name = { zh = "姓名", en = "name" }
amount = { zh = "金额", en = "amount" }
id_number = { zh = "身份证号", en = "ID number" }
phone = { zh = "电话", en = "phone" }
"#;

/// The sample's files, with a text replaced once in each file and path.
pub(super) fn files(from: &str, to: &str) -> Vec<(String, String)> {
    let replaced =
        |(path, text): &(&str, &str)| (path.replacen(from, to, 1), text.replacen(from, to, 1));
    FILES.iter().map(replaced).collect()
}

/// The sample without a fault.
pub(super) fn catalogue() -> Catalogue {
    let (catalogue, problems) = Catalogue::load(&files("", ""));
    assert_eq!(problems, [], "the sample is sound");
    catalogue
}

/// Code, file and key of each problem, on one line each.
pub(super) fn told(problems: &[Problem]) -> Vec<String> {
    let line = |p: &Problem| {
        let (file, key) = (p.place.file.as_deref(), p.place.column.as_deref());
        format!("{} {} {}", p.code, file.unwrap_or_default(), key.unwrap_or_default())
    };
    problems.iter().map(line).collect()
}
