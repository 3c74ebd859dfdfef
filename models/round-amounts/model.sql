-- id = "round-amounts"
-- version = 1
-- title = { zh = "整百金额异常集中", en = "Too many round amounts" }
-- violation = "embezzle"
-- grain = "village"
-- severity = "low"
-- facts = ["payments", "programmes"]
-- reason = { zh = "{village} {period}年 {programmes} 的 {amounts} 个金额中有 {round_amounts} 个是整百元（{share_bp}），全县同类项目只有 {county_bp}，涉及 {amount_fen} 元", en = "{village}, {period}: {round_amounts} of {amounts} amounts of {programmes} are whole hundreds of yuan ({share_bp}), against {county_bp} in the county; {amount_fen} yuan" }
-- innocent = [
--   { zh = "该村按统一金额发放，标准表未列", en = "the village pays a fixed amount that the list of standards lacks" },
--   { zh = "按整户、整数面积计算，结果恰为整百", en = "whole households or areas give whole hundreds" },
-- ]
-- next_check = [
--   { zh = "抽查金额的计算依据（收入核算、票据、面积）", en = "ask how the amounts were worked out: income, bills, area" },
--   { zh = "问领取人实际到手金额是否与表上一致", en = "ask recipients whether they got what the list says" },
-- ]
-- gaps = [
--   { zh = "有县定标准或金额档次少的项目不判", en = "programmes with a county standard or with few distinct amounts are not judged" },
--   { zh = "全县都发整数的项目不判", en = "programmes that are round everywhere are not judged" },
-- ]
-- basis = [
--   { instrument = "06-models", article = "M18, carried over from vouchers: drop recurrent amounts first", confidence = "D" },
-- ]
-- [params.min_amounts]
-- default = 20
-- min = 10
-- max = 1000
-- unit = "amount"
-- basis = "small numbers vary by chance"
-- confidence = "D"
-- [params.min_share_bp]
-- default = 5000
-- min = 2000
-- max = 10000
-- unit = "bp"
-- basis = "06-models, M18: r 40 %, raised for precision"
-- confidence = "D"
-- [params.max_county_bp]
-- default = 1000
-- min = 100
-- max = 3000
-- unit = "bp"
-- basis = "amounts that come from a calculation are rarely round"
-- confidence = "D"
-- [params.min_distinct]
-- default = 30
-- min = 5
-- max = 10000
-- unit = "amount"
-- basis = "fewer distinct amounts are the bands of a fixed rate"
-- confidence = "D"

with amounts as (
    -- the same amount month after month is one decision, not twelve
    select p.person, p.village, p.programme, cast(p.period / 100 as int) as year, p.amount_fen,
           min(p.ref) as first_ref,
           count(*) as payments
    from payments p
    left anti join programmes s on s.programme = p.programme and s.standard_fen > 0
    where p.village is not null
      and p.amount_fen > 0
      and not coalesce(p.returned, false)
    group by p.person, p.village, p.programme, p.period / 100, p.amount_fen
),
varying as (
    select programme
    from amounts
    group by programme
    having count(distinct amount_fen) >= $min_distinct
       and sum(case when amount_fen % 10000 = 0 then 1 else 0 end) * 10000
           <= count(*) * $max_county_bp
),
judged as (
    select a.*, a.amount_fen % 10000 = 0 as is_round
    from amounts a
    left semi join varying v on v.programme = a.programme
),
villages_paid as (
    select
        village, year,
        sum(amount_fen * payments) filter (where is_round) as round_fen,
        array_agg(first_ref) filter (where is_round) as refs,
        array_agg(distinct programme) filter (where is_round) as programmes,
        count(*) as amounts,
        count(*) filter (where is_round) as round_amounts
    from judged
    group by village, year
),
compared as (
    select
        *,
        sum(round_amounts) over county * 10000 / sum(amounts) over county as county_bp
    from villages_paid
    window county as (partition by year)
)
select
    village as subject,
    village,
    year as period,
    round_fen as amount_fen,
    refs as evidence,
    programmes,
    amounts,
    round_amounts,
    round_amounts * 10000 / amounts as share_bp,
    county_bp
from compared
where amounts >= $min_amounts
  and round_amounts * 10000 >= amounts * $min_share_bp
