-- id = "duplicate-payment"
-- version = 1
-- title = { zh = "同月重复发放", en = "Paid twice for the same month" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "mid"
-- facts = ["payments"]
-- reason = { zh = "{programmes}在 {period} 同一村向同一人发放 {times} 次同样金额 {each_fen} 元，多发 {amount_fen} 元", en = "{programmes}: the same amount, {each_fen} yuan, was paid {times} times for {period} in the same village; {amount_fen} yuan too much" }
-- innocent = [
--   { zh = "补发往月，但所属期填成了发放当月", en = "arrears of earlier months booked under the month of payment" },
--   { zh = "同一发放名单由两个部门各报送一次，钱只发了一次", en = "the same list was handed in by two departments, while money was paid once" },
--   { zh = "银行退回后重发，退回结果未回填", en = "paid again after a bank return that was not entered" },
-- ]
-- next_check = [
--   { zh = "核对两条记录的来源批次和银行回单", en = "compare the batches of both rows and the bank receipts" },
--   { zh = "确有重复的，通知追回并检查审核环节", en = "if it was paid twice, recover it and look at how it passed review" },
-- ]
-- gaps = [
--   { zh = "金额不同的重复不判（多为补差）", en = "repeats with another amount are left out: most are supplements" },
--   { zh = "按年发放的项目若在不同月份重复，所属期不同，看不出来", en = "yearly benefits repeated in another month carry another period and are not seen" },
--   { zh = "按件、按次发放的项目（农机、理赔等）不判", en = "benefits per item or claim (machines, insurance) are not judged" },
-- ]
-- basis = [
--   { instrument = "05-benefits", article = "2: one row per person per programme per period", confidence = "D" },
-- ]

with candidates as (
    -- the cheap test first: nearly every person has one row per programme and month
    select p.person
    from payments p
    where not coalesce(p.returned, false)
    group by p.person, p.programme, p.period
    having count(*) >= 2
),
repeated as (
    -- reversals (negative rows) take their twin away before anything is counted
    select
        p.person, p.programme, p.period, p.village,
        greatest(p.amount_fen, -p.amount_fen) as each_fen,
        coalesce(p.area_mu_e4, 0) as area_mu_e4,
        p.period / 100 * 12 + p.period % 100 as month_no,
        sum(case when p.amount_fen > 0 then 1 else -1 end) as times,
        array_agg(p.ref) as refs
    from payments p
    -- by person alone: a join on more columns would have to exchange all payments first
    left semi join candidates c on c.person = p.person
    where not coalesce(p.returned, false)
      and p.amount_fen <> 0
    -- two plots of different area are two lawful rows
    group by p.person, p.programme, p.period, p.village, each_fen, coalesce(p.area_mu_e4, 0)
    having sum(case when p.amount_fen > 0 then 1 else -1 end) >= 2
),
first_months as (
    select programme, min(period / 100 * 12 + period % 100) as first_no
    from payments
    group by programme
),
judged as (
    select
        r.person, r.programme, r.period, r.village, r.each_fen, r.times,
        coalesce(b.frequency, '') as frequency,
        -- how many of the times - 1 months just before lie before the data begin ...
        greatest(f.first_no - (r.month_no - (r.times - 1)), 0) as months_unknown,
        -- ... and how many were paid in their own time
        count(distinct e.period) as months_paid,
        first_value(r.refs) as refs
    from repeated r
    join first_months f on f.programme = r.programme
    left join benefits b on b.programme = r.programme
    left join payments e
        on e.person = r.person
        and e.programme = r.programme
        and e.period / 100 * 12 + e.period % 100
            between r.month_no - (r.times - 1) and r.month_no - 1
        and e.amount_fen > 0
        and not coalesce(e.returned, false)
    -- two machines or two bills of one month may well cost the same
    where b.unit is null or b.unit in ('person', 'household', 'mu')
    group by
        r.person, r.programme, r.period, r.village, r.each_fen, r.area_mu_e4, r.times, r.month_no,
        b.frequency, f.first_no
)
select
    person as subject,
    min(village) as village,
    period,
    sum(each_fen * case
        when frequency = 'month' then least(times - 1, months_paid + months_unknown)
        else times - 1
    end) as amount_fen,
    flatten(array_agg(refs)) as evidence,
    array_agg(distinct programme) as programmes,
    max(times) as times,
    max(each_fen) as each_fen
from judged
-- months that were not paid in their own time explain a repetition as arrears
where frequency <> 'month' or months_paid + months_unknown > 0
group by person, period
