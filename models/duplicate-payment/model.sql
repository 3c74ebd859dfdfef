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

with repeated as (
    -- reversals (negative rows) take their twin away before anything is counted
    select
        p.person, p.programme, p.period, p.village,
        greatest(p.amount_fen, -p.amount_fen) as each_fen,
        sum(case when p.amount_fen > 0 then 1 else -1 end) as times,
        array_agg(p.ref) as refs
    from payments p
    where not coalesce(p.returned, false)
      and p.amount_fen <> 0
    -- two plots of different area are two lawful rows
    group by p.person, p.programme, p.period, p.village, each_fen, p.area_mu_e4
    having sum(case when p.amount_fen > 0 then 1 else -1 end) >= 2
),
judged as (
    select
        r.*,
        r.period / 100 * 12 + r.period % 100 as month_no,
        coalesce(b.frequency, '') as frequency
    from repeated r
    left join benefits b on b.programme = r.programme
    -- two machines or two bills of one month may well cost the same
    where b.unit is null or b.unit in ('person', 'household', 'mu')
),
first_months as (
    select p.programme, min(p.period / 100 * 12 + p.period % 100) as first_no
    from payments p
    where p.programme in (select programme from judged)
    group by p.programme
),
paid_before as (
    -- how many of the times - 1 months just before were paid at their own time
    select j.person, j.programme, j.month_no,
           count(distinct p.period) as months
    from judged j
    join payments p on p.person = j.person and p.programme = j.programme
    where j.frequency = 'month'
      and not coalesce(p.returned, false)
      and p.amount_fen > 0
      and p.period / 100 * 12 + p.period % 100 between j.month_no - (j.times - 1) and j.month_no - 1
    group by j.person, j.programme, j.month_no
)
select
    j.person as subject,
    min(j.village) as village,
    j.period,
    sum((j.times - 1) * j.each_fen) as amount_fen,
    flatten(array_agg(j.refs)) as evidence,
    array_agg(distinct j.programme) as programmes,
    max(j.times) as times,
    max(j.each_fen) as each_fen
from judged j
join first_months f on f.programme = j.programme
left join paid_before b
    on b.person = j.person and b.programme = j.programme and b.month_no = j.month_no
-- arrears of the months before explain the repetition; months before the data begin cannot
where j.frequency <> 'month'
   or coalesce(b.months, 0) + greatest(f.first_no - (j.month_no - (j.times - 1)), 0) > 0
group by j.person, j.period
