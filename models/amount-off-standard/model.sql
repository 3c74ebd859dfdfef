-- id = "amount-off-standard"
-- version = 1
-- title = { zh = "发放金额与县定标准不符", en = "Amount does not follow the county's standard" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "mid"
-- facts = ["payments", "programmes"]
-- reason = { zh = "{period}年 {programmes} 有 {payments} 笔金额（如 {example_fen} 元）与县定标准 {standard_fen} 元不符，整月补发、标准调整也不能解释，共 {amount_fen} 元", en = "In {period}, {payments} payments of {programmes} (such as {example_fen} yuan) do not follow the county's standard of {standard_fen} yuan, not even as whole months paid at once or a change of the standard: {amount_fen} yuan" }
-- innocent = [
--   { zh = "扣回以前多发的金额", en = "an earlier overpayment was deducted" },
--   { zh = "标准已调整，标准表未更新", en = "the standard was changed and the list at hand is older" },
--   { zh = "个别对象按另一档标准发放，标准表未列", en = "some people are paid by a band that the list lacks" },
-- ]
-- next_check = [
--   { zh = "对照审批表的标准、数量和应发金额", en = "compare standard, quantity and amount on the approval" },
--   { zh = "多发的追回，少发的补发并查去向", en = "recover what is too much; where too little, make it good and ask where the rest went" },
-- ]
-- gaps = [
--   { zh = "补差类项目（如低保）金额本不等于标准，不判", en = "benefits that fill up to a standard, such as subsistence allowance, are not judged" },
--   { zh = "恰为标准整数倍的多发看不出来", en = "overpayment by an exact multiple of the standard is not seen" },
--   { zh = "面积本身虚报由 area-above-contract 判断", en = "false areas are the matter of area-above-contract" },
-- ]
-- basis = [
--   { instrument = "05-benefits", article = "2: amount = qty x standard +/- rounding", confidence = "D" },
-- ]
-- [params.tolerance_fen]
-- default = 100
-- min = 0
-- max = 10000
-- unit = "fen"
-- basis = "rounding to whole yuan"
-- confidence = "D"
-- [params.tolerance_bp]
-- default = 100
-- min = 0
-- max = 1000
-- unit = "bp"
-- basis = "rounding of measured area"
-- confidence = "D"
-- [params.max_months]
-- default = 12
-- min = 1
-- max = 12
-- unit = "month"
-- basis = "arrears of up to a year paid at once; changes of standard of the last year"
-- confidence = "D"
-- [params.min_fit_bp]
-- default = 8000
-- min = 5000
-- max = 10000
-- unit = "bp"
-- basis = "a programme of which fewer rows follow the standard is not paid by a fixed rate"
-- confidence = "D"

with numbers as (
    select column1 as n
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)) as v
),
listed as (
    -- the county's own words for unit and frequency, the catalogue's where it has none
    select
        s.programme, s.standard_fen, s.from_day, s.until_day,
        coalesce(s.unit, b.unit, '') as unit,
        coalesce(s.frequency, b.frequency, '') as frequency
    from programmes s
    left join benefits b on b.programme = s.programme
    where s.standard_fen > 0
),
standards as (
    select
        programme,
        standard_fen,
        unit like '%亩%' or unit like 'mu%' as by_area,
        case
            when frequency like '%年%' or frequency = 'year' then 12
            when frequency like '%季%' or frequency = 'quarter' then 3
            else 1
        end as span,
        coalesce(date_part('year', from_day) * 12 + date_part('month', from_day), 0) as from_no,
        coalesce(date_part('year', until_day) * 12 + date_part('month', until_day), 999999)
            as until_no
    from listed
),
rows_with_standard as (
    select
        p.person, p.village, p.programme, p.period, p.amount_fen, p.area_mu_e4, p.ref,
        p.period / 100 * 12 + p.period % 100 as month_no
    from payments p
    left semi join standards s on s.programme = p.programme
    where p.amount_fen > 0
      and not coalesce(p.returned, false)
),
-- Fixed rates have few distinct amounts: judge each amount once, not each row.
amounts as (
    select programme, month_no, coalesce(area_mu_e4, 0) as area_mu_e4, amount_fen, count(*) as times
    from rows_with_standard
    group by programme, month_no, coalesce(area_mu_e4, 0), amount_fen
),
recent as (
    -- standards of the month, and those of the year before it, which arrears still follow
    select m.programme, m.month_no, s.standard_fen, s.by_area, s.span, s.from_no, s.until_no
    from (select distinct programme, month_no from amounts) m
    join standards s on s.programme = m.programme
    where s.from_no <= m.month_no and m.month_no <= s.until_no + $max_months
),
allowed as (
    -- whole months at one standard
    select r.programme, r.month_no, k.n * r.standard_fen as allowed_fen
    from recent r
    join numbers k on k.n between 1 and $max_months
    where not r.by_area
    union
    -- part of a year or quarter
    select r.programme, r.month_no, r.standard_fen * k.n / r.span
    from recent r
    join numbers k on k.n between 1 and r.span - 1
    where not r.by_area
    union
    -- months before and after a change of the standard in one payment
    select a.programme, a.month_no, k.n * a.standard_fen + j.n * b.standard_fen
    from recent a
    join recent b
        on b.programme = a.programme and b.month_no = a.month_no and b.from_no > a.from_no
    join numbers k on k.n >= 1
    join numbers j on j.n between 1 and $max_months - k.n
    where not a.by_area
    union
    -- the difference made good after the standard was raised
    select a.programme, a.month_no, k.n * (b.standard_fen - a.standard_fen)
    from recent a
    join recent b
        on b.programme = a.programme and b.month_no = a.month_no and b.from_no > a.from_no
    join numbers k on k.n between 1 and $max_months
    where not a.by_area and b.standard_fen > a.standard_fen
),
fitting as (
    select a.programme, a.month_no, a.area_mu_e4, a.amount_fen
    from amounts a
    join allowed w on w.programme = a.programme and w.month_no = a.month_no
    where a.amount_fen between w.allowed_fen - $tolerance_fen and w.allowed_fen + $tolerance_fen
    union
    select a.programme, a.month_no, a.area_mu_e4, a.amount_fen
    from amounts a
    join recent r on r.programme = a.programme and r.month_no = a.month_no
    join numbers k on k.n between 1 and 3
    where r.by_area
      -- without the area nothing can be said
      and (a.area_mu_e4 = 0
        or a.amount_fen between
            k.n * r.standard_fen * a.area_mu_e4 / 10000 * (10000 - $tolerance_bp) / 10000
                - $tolerance_fen
            and k.n * r.standard_fen * a.area_mu_e4 / 10000 * (10000 + $tolerance_bp) / 10000
                + $tolerance_fen)
),
judged as (
    select a.*, f.programme is not null as fits
    from amounts a
    left join fitting f
        on f.programme = a.programme and f.month_no = a.month_no
        and f.area_mu_e4 = a.area_mu_e4 and f.amount_fen = a.amount_fen
    -- months before the first standard of the list cannot be judged
    left semi join recent r on r.programme = a.programme and r.month_no = a.month_no
),
fixed_years as (
    select programme, (month_no - 1) / 12 as year
    from judged
    group by programme, (month_no - 1) / 12
    having sum(case when fits then times else 0 end) * 10000 >= sum(times) * $min_fit_bp
),
fixed_months as (
    -- a new standard that is not in the list yet shows as a month in which most rows are off
    select programme, month_no
    from judged
    group by programme, month_no
    having sum(case when fits then times else 0 end) * 2 >= sum(times)
),
off as (
    select j.programme, j.month_no, j.area_mu_e4, j.amount_fen
    from judged j
    left semi join fixed_years y on y.programme = j.programme and y.year = (j.month_no - 1) / 12
    left semi join fixed_months m on m.programme = j.programme and m.month_no = j.month_no
    where not j.fits
),
shown as (
    select programme, month_no, max(standard_fen) as standard_fen
    from recent
    where month_no <= until_no
    group by programme, month_no
)
select
    p.person as subject,
    min(p.village) as village,
    cast(p.period / 100 as int) as period,
    sum(p.amount_fen) as amount_fen,
    array_agg(p.ref) as evidence,
    array_agg(distinct p.programme) as programmes,
    count(*) as payments,
    max(p.amount_fen) as example_fen,
    max(s.standard_fen) as standard_fen
from rows_with_standard p
join off o
    on o.programme = p.programme and o.month_no = p.month_no
    and o.area_mu_e4 = coalesce(p.area_mu_e4, 0) and o.amount_fen = p.amount_fen
left join shown s on s.programme = p.programme and s.month_no = p.month_no
group by p.person, p.period / 100
