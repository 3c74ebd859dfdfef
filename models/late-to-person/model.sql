-- id = "late-to-person"
-- number = "M15"
-- version = 1
-- title = { zh = "资金滞留，未及时发放到人", en = "Money held on the way to the people" }
-- violation = "withhold_divert"
-- grain = "village"
-- severity = "mid"
-- facts = ["payments"]
-- reason = { zh = "{village} {period}年 {programmes} 资金到账后超过 {allowed_days} 天才发放，最长 {longest_days} 天，涉及 {people_late} 人、{payments} 笔，共 {amount_fen} 元", en = "{village}, {period}: {programmes} reached people more than {allowed_days} days after the money had arrived, {longest_days} days at most; {people_late} people, {payments} payments, {amount_fen} yuan" }
-- innocent = [
--   { zh = "银行退回后更换账号重发，退回未登记", en = "paid again with a new account after a bank return that was not entered" },
--   { zh = "名单有异议，依法暂缓发放", en = "the list was disputed and payment lawfully put off" },
--   { zh = "到账日期填的是指标下达日期", en = "the day of arrival is that of the budget notice, not of the cash" },
-- ]
-- next_check = [
--   { zh = "查乡镇财政专户、村级往来账这段时间的余额和流水", en = "look at balance and entries of the township and village accounts in that time" },
--   { zh = "问清滞留原因和批准人", en = "ask why it was held and who agreed" },
-- ]
-- gaps = [
--   { zh = "没有资金到账日期的发放表无法判断", en = "files without the day of arrival cannot be judged" },
--   { zh = "少于五人的批次、从未发放的资金看不出来", en = "lots of fewer than five late people, and money never paid out, are not seen" },
-- ]
-- basis = [
--   { instrument = "06-models", article = "M15: d = 30 days", confidence = "D" },
-- ]
-- [params.max_days]
-- default = 30
-- min = 5
-- max = 365
-- unit = "day"
-- basis = "06-models, M15"
-- confidence = "D"
-- [params.min_people]
-- default = 5
-- min = 1
-- max = 1000
-- unit = "person"
-- basis = "one to four late people are disputes and changed cards"
-- confidence = "D"
-- [params.min_share_bp]
-- default = 2000
-- min = 0
-- max = 10000
-- unit = "bp"
-- basis = "a lot that was held shows in many of its rows"
-- confidence = "D"

with dated as (
    select p.person, p.village, p.programme, p.period, p.arrived_day, p.amount_fen, p.ref,
           arrow_cast(p.paid_day, 'Int32') - arrow_cast(p.arrived_day, 'Int32') as days
    from payments p
    where p.arrived_day is not null
      and p.paid_day is not null
      and p.village is not null
      and p.amount_fen > 0
      and not coalesce(p.returned, false)
),
late as (
    select d.*
    from dated d
    -- money that the bank sent back was not held by the village
    left anti join (select person, programme, period from payments where returned) r
        on r.person = d.person and r.programme = d.programme and r.period = d.period
    where d.days > $max_days
),
late_lots as (
    select
        village, programme, arrived_day,
        count(distinct person) as people_late, count(*) as late_rows
    from late
    group by village, programme, arrived_day
    having count(distinct person) >= $min_people
),
held_lots as (
    select l.village, l.programme, l.arrived_day
    from late_lots l
    join dated d
        on d.village = l.village and d.programme = l.programme and d.arrived_day = l.arrived_day
    group by l.village, l.programme, l.arrived_day, l.late_rows
    having l.late_rows * 10000 >= count(*) * $min_share_bp
)
select
    l.village as subject,
    l.village,
    cast(date_part('year', l.arrived_day) as int) as period,
    sum(l.amount_fen) as amount_fen,
    array_agg(l.ref) as evidence,
    array_agg(distinct l.person) as people,
    array_agg(distinct l.programme) as programmes,
    count(distinct l.person) as people_late,
    count(*) as payments,
    max(l.days) as longest_days,
    $max_days as allowed_days
from late l
left semi join held_lots h
    on h.village = l.village and h.programme = l.programme and h.arrived_day = l.arrived_day
group by l.village, date_part('year', l.arrived_day)
