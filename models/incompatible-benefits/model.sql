-- id = "incompatible-benefits"
-- number = "M02"
-- version = 1
-- title = { zh = "互斥待遇重复享受", en = "Incompatible benefits together" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "mid"
-- facts = ["payments"]
-- innocent = [
--   { zh = "两项待遇转换的当月重叠，次月已停发", en = "change-over from one programme to the other, stopped the month after" },
--   { zh = "当地文件允许就高或补差享受", en = "a local rule lets the person take the higher one or the difference" },
--   { zh = "一方资金已追回，发放文件未作冲减", en = "one of the sums was paid back and the files do not show it" },
-- ]
-- next_check = [
--   { zh = "查两项待遇的审批表和停发通知日期", en = "look at both approvals and the dates of the stop notices" },
--   { zh = "核对本县关于两项待遇兼得的文件", en = "check the county's own rule on having both" },
--   { zh = "对应退资金列入追缴台账", en = "enter what is to be repaid in the recovery ledger" },
-- ]
-- gaps = [
--   { zh = "只比对同一人；同一家庭不同成员分别领取不在此列", en = "compares one person only, not two members of one household" },
--   { zh = "同一住房、同一地块的互斥由其他模型判断", en = "pairs about one house or one parcel are judged by other models" },
--   { zh = "按年发放与按月发放的两项待遇只在一个月相遇，看不到", en = "a yearly and a monthly programme meet in one month only and are not seen" },
-- ]
-- basis = [
--   { instrument = "05-benefits, section 4 (compatibility matrix)", confidence = "K-h" },
--   { instrument = "国务院关于全面建立困难残疾人生活补贴和重度残疾人护理补贴制度的意见（国发〔2015〕52号）", confidence = "K-h" },
-- ]
-- [reason]
-- zh = "{first_period}至{last_period}同时领取{programme_a}和{programme_b}共{months}个月，重复部分{amount_fen}元"
-- en = "{programme_a} and {programme_b} both paid for {months} month(s), {first_period} to {last_period}; the lesser of the two comes to {amount_fen} yuan"
-- [params.transition_months]
-- default = 1
-- min = 0
-- max = 12
-- unit = "month"
-- basis = "06-models M02: at most one month of change-over is ignored"
-- confidence = "D"
-- [params.with_uncertain_pairs]
-- default = 0
-- min = 0
-- max = 1
-- unit = "flag"
-- basis = "06-models M02, 05-benefits 4: only pairs of high confidence make a clue; 1 takes the others in too"
-- confidence = "D"

with pairs as (
    select a, b
    from incompatible
    where relation in ('excluded', 'choose')
        -- One house or one parcel is no person: those pairs need other evidence.
        and scope in ('person', 'household')
        and (confidence in ('F', 'K-h') or $with_uncertain_pairs = 1)
),
concerned as (
    select a as programme from pairs
    union
    select b as programme from pairs
),
candidates as (
    -- Most people get one of these programmes only; they need not be looked at month by month.
    select p.person
    from payments p
    join concerned c on c.programme = p.programme
    where not coalesce(p.returned, false)
    group by p.person
    having min(p.programme) <> max(p.programme)
),
paid as (
    select
        p.person,
        p.programme,
        p.period,
        min(p.village) as village,
        sum(p.amount_fen) as amount_fen,
        array_agg(p.ref) as refs
    from payments p
    join concerned c on c.programme = p.programme
    join candidates k on k.person = p.person
    where not coalesce(p.returned, false)
    group by p.person, p.programme, p.period
    having sum(p.amount_fen) > 0
),
lasting as (
    select
        x.person,
        x.programme as programme_a,
        y.programme as programme_b,
        count(*) as months,
        min(x.period) as first_period,
        max(x.period) as last_period,
        min(least(x.village, y.village)) as village,
        -- One of the two is lawful: at least the lesser one is too much.
        sum(least(x.amount_fen, y.amount_fen)) as amount_fen,
        flatten(array_agg(array_concat(x.refs, y.refs))) as refs
    from paid x
    join paid y on y.person = x.person and y.period = x.period
    join pairs on pairs.a = x.programme and pairs.b = y.programme
    group by x.person, x.programme, y.programme
    having count(*) > $transition_months
),
ranked as (
    -- A person with several such pairs is one finding, told by the pair that lasted longest.
    select
        *,
        row_number() over (
            partition by person order by months desc, programme_a, programme_b
        ) as place
    from lasting
)
select
    person as subject,
    min(village) as village,
    cast(0 as int) as period,
    sum(amount_fen) as amount_fen,
    array_distinct(flatten(array_agg(refs))) as evidence,
    min(case when place = 1 then programme_a end) as programme_a,
    min(case when place = 1 then programme_b end) as programme_b,
    min(case when place = 1 then months end) as months,
    min(case when place = 1 then first_period end) as first_period,
    min(case when place = 1 then last_period end) as last_period
from ranked
group by person
