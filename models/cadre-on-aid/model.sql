-- id = "cadre-on-aid"
-- number = "M04"
-- version = 1
-- title = { zh = "村干部在任期间享受救助或公益性岗位补贴", en = "Cadre in office on aid or in a public post" }
-- violation = "favour_kin"
-- grain = "person"
-- severity = "high"
-- facts = ["payments", "cadres"]
-- innocent = [
--   { zh = "本人或家庭成员重病、遭灾，经公示和近亲属备案依法救助", en = "helped by the rules after illness or disaster, published and entered in the register of relatives" },
--   { zh = "误工补贴很低的村民小组长等，家庭确实困难", en = "a group leader with little pay whose family is really poor" },
--   { zh = "已离任，干部名册未更新", en = "has left office, the roster was not updated" },
-- ]
-- next_check = [
--   { zh = "查申请、民主评议和公示材料，本人是否回避", en = "read application, village review and publication: did the cadre stand aside?" },
--   { zh = "查近亲属享受救助备案表", en = "look for the entry in the register of relatives on aid" },
--   { zh = "核对任职和离任文件日期", en = "compare the papers of appointment and leaving" },
-- ]
-- gaps = [
--   { zh = "干部名册没有任职日期时，视为一直在任", en = "without days in the roster a cadre counts as in office all the time" },
--   { zh = "以家人名义领取的由亲属模型判断", en = "aid in the names of relatives is judged by the models of kin" },
-- ]
-- basis = [
--   { instrument = "06-models M04; 05-benefits, section 4 (S36/S49 x cadre pay)", confidence = "K-m" },
--   { instrument = "社会救助暂行办法", confidence = "K-m" },
-- ]
-- [reason]
-- zh = "任{post}期间领取{programmes}{months}个月，共{amount_fen}元"
-- en = "In office as {post}; meanwhile {programmes} paid for {months} month(s), {amount_fen} yuan"
-- [params.grace_months]
-- default = 1
-- min = 0
-- max = 12
-- unit = "month"
-- basis = "time to stop pay after taking office"
-- confidence = "D"

with office as (
    select
        person,
        post,
        date_part('year', from_day) * 12 + date_part('month', from_day) as from_month,
        date_part('year', until_day) * 12 + date_part('month', until_day) as until_month
    from cadres
),
paid as (
    -- One row per payment, whatever number of posts.
    select
        p.person,
        p.ref,
        min(p.village) as village,
        min(p.programme) as programme,
        min(p.period) as period,
        min(p.amount_fen) as amount_fen,
        min(o.post) as post
    from payments p
    join office o on o.person = p.person
    -- Aid by means and posts for the poor, as in payroll-on-aid. Cadre pay (S55, S56) is no aid.
    where p.programme in ($S01, $S02, $S03, $S05, $S06, $S36, $S40, $S42, $S49)
        and not coalesce(p.returned, false)
        and p.period / 100 * 12 + p.period % 100 > coalesce(o.from_month + $grace_months, 0)
        and (o.until_month is null or p.period / 100 * 12 + p.period % 100 < o.until_month)
    group by p.person, p.ref
)
select
    person as subject,
    min(village) as village,
    cast(period / 100 as int) as period,
    sum(amount_fen) as amount_fen,
    array_agg(ref) as evidence,
    coalesce(min(post), '-') as post,
    count(distinct period) as months,
    array_agg(distinct programme) as programmes
from paid
group by person, period / 100
having sum(amount_fen) > 0
