-- id = "new-model"
-- version = 1
-- title = { zh = "待命名", en = "Untitled" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "low"
-- facts = ["payments"]
-- reason = { zh = "{period}年领取{programmes}共{amount_fen}元，超过{limit_fen}元", en = "{amount_fen} yuan of {programmes} in {period}, more than {limit_fen} yuan" }
-- innocent = [
--   { zh = "一次补发多年的待遇", en = "arrears of several years paid at once" },
-- ]
-- next_check = [
--   { zh = "核对审批表和发放标准", en = "compare the approval and the standard" },
-- ]
-- gaps = [
--   { zh = "发放文件以外的资金看不到", en = "money outside the payment files is not seen" },
-- ]
-- basis = [
--   { instrument = "county practice", confidence = "D" },
-- ]
-- [params.limit_fen]
-- default = 10000000
-- min = 0
-- max = 100000000
-- unit = "fen"
-- basis = "county practice"
-- confidence = "D"

select
    person as subject,
    min(village) as village,
    cast(period / 100 as int) as period,
    sum(amount_fen) as amount_fen,
    array_agg(ref) as evidence,
    array_agg(distinct programme) as programmes,
    $limit_fen as limit_fen
from payments
where not coalesce(returned, false)
group by person, period / 100
having sum(amount_fen) > $limit_fen
