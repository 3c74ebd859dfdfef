-- id = "household-often-aided"
-- number = "M08"
-- version = 1
-- title = { zh = "同户高频临时救助", en = "Household often given emergency aid" }
-- violation = "favour_kin"
-- grain = "household"
-- severity = "mid"
-- facts = ["payments", "people"]
-- innocent = [
--   { zh = "重大疾病连续治疗，按次申请救助", en = "a long illness with aid for each treatment" },
--   { zh = "一年内接连遭遇事故、灾害", en = "several accidents or disasters in one year" },
--   { zh = "一次救助分多次拨付", en = "one grant paid in several parts" },
-- ]
-- next_check = [
--   { zh = "逐笔查申请事由和证明材料，是否同一事由重复申请", en = "read ground and proof of each grant: the same ground again?" },
--   { zh = "查审批人与该户有无亲属关系", en = "is the approver related to the household?" },
--   { zh = "比较同乡镇同类家庭的救助次数和标准", en = "compare number and amount with families of the township" },
-- ]
-- gaps = [
--   { zh = "未记名的实物救助、慰问金不在发放文件中", en = "gifts in kind or cash that no file names are not seen" },
--   { zh = "户籍分散在多户的家庭看不到", en = "a family spread over several registered households is not seen" },
-- ]
-- basis = [
--   { instrument = "06-models M08", confidence = "D" },
--   { instrument = "社会救助暂行办法", article = "第47-48条", confidence = "F" },
-- ]
-- [reason]
-- zh = "{first_day}至{last_day}的12个月内临时救助{times}次，共{amount_fen}元；其间医疗救助{medical_times}次"
-- en = "Emergency aid {times} times within 12 months ({first_day} to {last_day}), {amount_fen} yuan; medical aid {medical_times} time(s) in these months"
-- [params.times_max]
-- default = 3
-- min = 1
-- max = 50
-- unit = "payment"
-- basis = "06-models M08: k = 3 in 12 months"
-- confidence = "D"
-- [params.window_months]
-- default = 12
-- min = 1
-- max = 36
-- unit = "month"
-- basis = "06-models M08"
-- confidence = "D"

with home as (
    select person, min(household) as household from people group by person
),
aid as (
    select
        coalesce(h.household, p.household) as household,
        p.person,
        p.ref,
        p.village,
        p.amount_fen,
        coalesce(p.paid_day, make_date(p.period / 100, p.period % 100, 1)) as day
    from payments p
    left join home h on h.person = p.person
    where p.programme = $S06
        and not coalesce(p.returned, false)
        and coalesce(h.household, p.household) is not null
),
grants as (
    -- What all members get on one day is one grant; on balance negative, it takes one back.
    select
        household,
        day,
        min(date_part('year', day) * 12 + date_part('month', day)) as month,
        case when sum(amount_fen) > 0 then 1 when sum(amount_fen) < 0 then -1 else 0 end as times,
        sum(amount_fen) as amount_fen
    from aid
    group by household, day
),
often as (
    select household from grants group by household having sum(times) > $times_max
),
windows as (
    select
        a.household,
        a.month as start_month,
        sum(b.times) as times,
        sum(b.amount_fen) as amount_fen,
        min(b.day) as first_day,
        max(b.day) as last_day
    from (
        select distinct g.household, g.month from grants g join often o on o.household = g.household
    ) a
    join grants b
        on b.household = a.household
        and b.month >= a.month
        and b.month < a.month + $window_months
    group by a.household, a.month
    having sum(b.times) > $times_max
),
busiest as (
    -- One finding per household: the window with most grants, the earliest of equals.
    select w.household, min(w.start_month) as start_month
    from windows w
    join (select household, max(times) as times from windows group by household) most
        on most.household = w.household and most.times = w.times
    group by w.household
),
told as (
    select w.household, w.times, w.amount_fen, w.first_day, w.last_day
    from windows w
    join busiest b on b.household = w.household and b.start_month = w.start_month
),
medical as (
    -- Medical aid in the same months speaks for a long illness: shown, not judged.
    select t.household, count(*) as times
    from payments p
    left join home h on h.person = p.person
    join told t on t.household = coalesce(h.household, p.household)
    where p.programme = $S16
        and p.amount_fen > 0
        and not coalesce(p.returned, false)
        and coalesce(p.paid_day, make_date(p.period / 100, p.period % 100, 1))
            between t.first_day and t.last_day
    group by t.household
),
proof as (
    select
        a.household,
        min(a.village) as village,
        array_agg(a.ref) as evidence,
        array_agg(distinct a.person) as people
    from aid a
    join told t on t.household = a.household and a.day between t.first_day and t.last_day
    group by a.household
)
select
    t.household as subject,
    proof.village,
    cast(0 as int) as period,
    t.amount_fen,
    proof.evidence,
    proof.people,
    t.times,
    t.first_day,
    t.last_day,
    coalesce(m.times, 0) as medical_times
from told t
join proof on proof.household = t.household
left join medical m on m.household = t.household
