-- id = "invalid-id-paid"
-- version = 1
-- title = { zh = "无效身份证号码领取补贴", en = "Paid under an invalid ID number" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "low"
-- facts = ["payments", "people"]
-- reason = { zh = "身份证号码无效（校验码、出生日期或位数有误），{first_month} 至 {last_month} 领取 {programmes} {payments} 笔，共 {amount_fen} 元；同村户籍同名 {namesakes} 人", en = "The ID number is invalid (check digit, birth date or form); {payments} payments of {programmes} from {first_month} to {last_month}: {amount_fen} yuan. People of that name in the village's register: {namesakes}" }
-- innocent = [
--   { zh = "录入时错、漏、换了一位数字", en = "one digit was mistyped, left out or swapped" },
--   { zh = "填的是护照、居住证等其他证件号码", en = "it is the number of another document, such as a passport or permit" },
--   { zh = "老户口簿登记的错误号码尚未更正", en = "an old wrong number in the household book was never corrected" },
-- ]
-- next_check = [
--   { zh = "同村有同名的人，先与其号码逐位比对", en = "where the village has somebody of that name, compare the numbers digit by digit" },
--   { zh = "查无此人的，查银行开户资料和领取人", en = "where there is nobody, look up the bank's account papers and who took the money" },
-- ]
-- gaps = [
--   { zh = "号码缺失的行不判（导入时已列出）", en = "rows without a number are not judged; the import lists them" },
--   { zh = "校验位正确的虚假号码看不出来", en = "false numbers with a right check digit are not seen" },
-- ]
-- basis = [
--   { instrument = "GB 11643-1999", article = "check character by ISO 7064 MOD 11-2", confidence = "K-h" },
-- ]

with invalid as (
    -- 15-digit numbers of before 1999 are old, not wrong
    select
        p.person,
        min(p.village) as village,
        min(p.name) as name,
        sum(p.amount_fen) as amount_fen,
        array_agg(p.ref) as evidence,
        array_agg(distinct p.programme) as programmes,
        min(p.period) as first_month,
        max(p.period) as last_month,
        count(*) as payments
    from payments p
    where p.id_quality in ('checksum_error', 'date_error', 'form_error')
      and not coalesce(p.returned, false)
    group by p.person
    having sum(p.amount_fen) > 0
),
namesakes as (
    -- somebody of that name in the village speaks for a typing error
    select i.person, count(distinct q.person) as people
    from invalid i
    join people q on q.village = i.village and q.name = i.name and q.person <> i.person
    group by i.person
)
select
    i.person as subject,
    i.village,
    cast(0 as int) as period,
    i.amount_fen,
    i.evidence,
    i.programmes,
    i.first_month,
    i.last_month,
    i.payments,
    coalesce(n.people, 0) as namesakes
from invalid i
left join namesakes n on n.person = i.person
