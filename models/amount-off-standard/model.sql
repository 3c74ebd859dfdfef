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
    from (values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)) as v
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
amounts as (
    -- fixed rates have few distinct amounts: judge each amount once, not each row
    select
        p.programme,
        p.period / 100 * 12 + p.period % 100 as month_no,
        coalesce(p.area_mu_e4, 0) as area_mu_e4,
        p.amount_fen,
        count(*) as times
    from payments p
    left semi join standards s on s.programme = p.programme
    where p.amount_fen > 0
      and not coalesce(p.returned, false)
    group by p.programme, p.period, coalesce(p.area_mu_e4, 0), p.amount_fen
),
tried as (
    -- each amount against the standards of its month and of the year before, which arrears follow
    select
        a.programme, a.month_no, a.area_mu_e4, a.amount_fen, a.times,
        s.standard_fen as s_fen,
        s.by_area,
        s.span,
        nullif(s.standard_fen * a.area_mu_e4 / 10000, 0) as area_fen,
        case when a.month_no <= s.until_no then s.standard_fen end as now_fen,
        t.standard_fen as t_fen,
        nullif(greatest(t.standard_fen - s.standard_fen, 0), 0) as rise_fen,
        k.n
    from amounts a
    join standards s
        on s.programme = a.programme
        and s.from_no <= a.month_no
        and a.month_no <= s.until_no + $max_months
    -- a later standard, if the rate changed
    left join standards t
        on t.programme = a.programme
        and t.from_no > s.from_no
        and t.from_no <= a.month_no
    left join numbers k on t.standard_fen is not null and k.n < $max_months
),
-- x is within t of a multiple of s when (x + t) % s <= 2 t, and (x + t) / s tells which
fitted as (
    select
        programme, month_no, area_mu_e4, amount_fen, times,
        max(now_fen) as standard_fen,
        coalesce(bool_or(case when by_area then
            -- without the area nothing can be said; up to three seasons may come at once
            area_mu_e4 = 0
            or (amount_fen + $tolerance_fen + area_fen * $tolerance_bp / 10000) % area_fen
                <= 2 * ($tolerance_fen + area_fen * $tolerance_bp / 10000)
            and (amount_fen + $tolerance_fen + area_fen * $tolerance_bp / 10000) / area_fen
                between 1 and 3
        else
            -- whole months, quarters or years
            (amount_fen + $tolerance_fen) % s_fen <= 2 * $tolerance_fen
            and (amount_fen + $tolerance_fen) / s_fen between 1 and $max_months
            -- part of a quarter or year
            or (amount_fen + $tolerance_fen) * span % s_fen <= 2 * $tolerance_fen * span
            and (amount_fen + $tolerance_fen) * span / s_fen between 1 and span - 1
            -- the difference made good after the standard was raised
            or (amount_fen + $tolerance_fen) % rise_fen <= 2 * $tolerance_fen
            and (amount_fen + $tolerance_fen) / rise_fen between 1 and $max_months
            -- n months before the change and some after it in one payment
            or (amount_fen - n * s_fen + $tolerance_fen) % t_fen between 0 and 2 * $tolerance_fen
            and (amount_fen - n * s_fen + $tolerance_fen) / t_fen between 1 and $max_months - n
        end), false) as fits
    from tried
    group by programme, month_no, area_mu_e4, amount_fen, times
),
shares as (
    select
        *,
        sum(times) over in_year as year_rows,
        sum(case when fits then times else 0 end) over in_year as year_fits,
        sum(times) over in_month as month_rows,
        sum(case when fits then times else 0 end) over in_month as month_fits
    from fitted
    window
        in_year as (partition by programme, (month_no - 1) / 12),
        in_month as (partition by programme, month_no)
),
off as (
    select programme, month_no, area_mu_e4, amount_fen, standard_fen
    from shares
    where not fits
      -- a benefit that fills up to its standard is not paid by a fixed rate
      and year_fits * 10000 >= year_rows * $min_fit_bp
      -- a new standard that is not in the list yet shows as a month in which most rows are off
      and month_fits * 2 >= month_rows
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
    max(o.standard_fen) as standard_fen
from payments p
join off o
    on o.programme = p.programme
    and o.amount_fen = p.amount_fen
    and o.month_no = p.period / 100 * 12 + p.period % 100
    and o.area_mu_e4 = coalesce(p.area_mu_e4, 0)
where not coalesce(p.returned, false)
group by p.person, p.period / 100
