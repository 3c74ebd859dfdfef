-- id = "not-in-household-register"
-- version = 1
-- title = { zh = "户籍登记中无此人或已迁出仍领取", en = "Paid but not in the household register" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "mid"
-- facts = ["payments", "people", "deaths"]
-- reason = { zh = "{first_month} 至 {last_month} 领取 {programmes} {payments} 笔，但户籍登记中无此人或已迁出（迁出日期：{moved_out_day}，空为查无此人），共 {amount_fen} 元", en = "{payments} payments of {programmes} from {first_month} to {last_month}, but the person is not in the household register or has moved out (moved out on: {moved_out_day}; empty: no such person): {amount_fen} yuan" }
-- innocent = [
--   { zh = "刚迁入、刚出生或刚恢复户口，人口名册是旧的", en = "just moved in, born or restored to the register, and the register at hand is older" },
--   { zh = "身份证号码录入错误但校验位恰好正确，或换过号码", en = "the number was mistyped into another valid one, or was changed" },
--   { zh = "按规定由居住地或机构所在地发放", en = "lawfully paid at the place of residence or institution" },
-- ]
-- next_check = [
--   { zh = "向公安户籍部门查询该号码", en = "ask the police register for the number" },
--   { zh = "到村核实是否有此人、谁领了钱", en = "ask in the village whether the person exists and who got the money" },
-- ]
-- gaps = [
--   { zh = "只判要求本地户籍的项目；土地、养老金、学生资助等不判", en = "only benefits that need local registration are judged; land, pensions and pupils' grants are not" },
--   { zh = "人口名册未覆盖的村不判", en = "villages that the register does not cover are not judged" },
--   { zh = "人户分离看不出来", en = "people registered here but living elsewhere are not seen" },
-- ]
-- basis = [
--   { instrument = "社会救助暂行办法", article = "11", confidence = "K-m" },
--   { instrument = "05-benefits", article = "3 (hukou) and 5 (hukou moved out)", confidence = "K-h" },
-- ]
-- [params.grace_months]
-- default = 3
-- min = 0
-- max = 12
-- unit = "month"
-- basis = "time for the change of registration to reach the paying department"
-- confidence = "D"

with register as (
    -- one row per person; a person who came back has a row without a day of moving out
    select
        person,
        case when count(*) = count(moved_out_day) then max(moved_out_day) end as moved_out_day
    from people
    group by person
),
covered as (
    -- a village of which nobody is in the register has not been delivered yet
    select distinct village
    from people
    where village is not null
),
paid as (
    -- benefits that need local registration (05-benefits, section 3)
    select p.person, p.village, p.programme, p.period, p.amount_fen, p.ref
    from payments p
    where p.programme in (
            $S01, $S02, $S03, $S05, $S07, $S08, $S09, $S10, $S11, $S12, $S13, $S20, $S21, $S22,
            $S23
        )
      and coalesce(p.id_quality, 'ok') in ('ok', '15digit')
      and not coalesce(p.returned, false)
),
absent as (
    select p.*, r.moved_out_day
    from paid p
    left join register r on r.person = p.person
    -- rows of the dead are cancelled: they belong to benefit-after-death
    left anti join deaths d on d.person = p.person
    where r.person is null
       or p.period / 100 * 12 + p.period % 100
            > date_part('year', r.moved_out_day) * 12 + date_part('month', r.moved_out_day)
              + $grace_months
)
select
    a.person as subject,
    min(a.village) as village,
    cast(a.period / 100 as int) as period,
    sum(a.amount_fen) as amount_fen,
    array_agg(a.ref) as evidence,
    array_agg(distinct a.programme) as programmes,
    max(a.moved_out_day) as moved_out_day,
    min(a.period) as first_month,
    max(a.period) as last_month,
    count(*) as payments
from absent a
left join covered c on c.village = a.village
cross join (select count(*) as people from people) n
where n.people > 0
  and (a.village is null or c.village is not null)
group by a.person, a.period / 100
having sum(a.amount_fen) > 0
