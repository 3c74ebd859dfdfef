-- id = "cadre-kin-on-aid"
-- number = "M05"
-- version = 1
-- title = { zh = "村干部近亲属享受救助", en = "Close relative of a cadre on aid" }
-- violation = "favour_kin"
-- grain = "person"
-- severity = "low"
-- facts = ["payments", "cadres", "cadre_kin"]
-- innocent = [
--   { zh = "家庭确实困难，已按规定评议、公示并备案", en = "the family is really poor, was reviewed in the village, published and registered" },
--   { zh = "亲属早已分户单独生活", en = "the relative has long lived apart" },
--   { zh = "亲属关系填报有误", en = "the relation was declared wrongly" },
-- ]
-- next_check = [
--   { zh = "查近亲属享受救助备案表和回避记录", en = "look at the register of relatives on aid and the record of recusal" },
--   { zh = "与同村条件相近的非亲属对象比较标准和审批时间", en = "compare amount and time of approval with others of similar means in the village" },
--   { zh = "入户核实家庭人口、收入和财产", en = "visit the household: members, income, property" },
-- ]
-- gaps = [
--   { zh = "只看申报过的亲属；未申报的看不到", en = "only declared relatives are seen" },
--   { zh = "亲属关系本身不说明问题，仅供抽查", en = "kinship proves nothing by itself: a list to sample from" },
-- ]
-- basis = [
--   { instrument = "06-models M05", confidence = "F" },
--   { instrument = "最低生活保障审核确认办法（近亲属备案）", confidence = "K-m" },
-- ]
-- [reason]
-- zh = "村干部{cadre}的{relation}；干部在任期间在其任职村领取{programmes}{months}个月，共{amount_fen}元"
-- en = "Cadre {cadre} -> {relation}: while the cadre was in office, {programmes} paid in the cadre's village for {months} month(s), {amount_fen} yuan"
-- [params.grace_months]
-- default = 1
-- min = 0
-- max = 12
-- unit = "month"
-- basis = "aid already running when the cadre took office is reviewed by then"
-- confidence = "D"

with close_kin as (
    -- Whole words only: 岳父, 女婿, 侄子, 堂兄 contain the signs of close kin and are none.
    select
        k.person,
        k.cadre,
        k.relation,
        c.village,
        date_part('year', c.from_day) * 12 + date_part('month', c.from_day) as from_month,
        date_part('year', c.until_day) * 12 + date_part('month', c.until_day) as until_month
    from cadre_kin k
    join cadres c on c.person = k.cadre
    where k.person <> k.cadre
        and trim(k.relation) in (
            '配偶', '妻', '妻子', '夫', '丈夫', '爱人',
            '父', '父亲', '母', '母亲', '父母',
            '子', '儿子', '长子', '次子', '三子', '女', '女儿', '长女', '次女', '三女', '子女',
            '养子', '养女',
            '兄', '哥', '哥哥', '弟', '弟弟', '姐', '姐姐', '妹', '妹妹',
            '兄弟', '姐妹', '兄弟姐妹'
        )
),
paid as (
    -- One row per payment, whatever number of cadres in the family.
    select
        p.person,
        p.ref,
        min(p.village) as village,
        min(p.programme) as programme,
        min(p.period) as period,
        min(p.amount_fen) as amount_fen,
        min(k.cadre) as cadre
    from payments p
    join close_kin k on k.person = p.person
    where p.programme in ($S01, $S02, $S03, $S05, $S06, $S36, $S40, $S42, $S49)
        and not coalesce(p.returned, false)
        and p.period / 100 * 12 + p.period % 100 > coalesce(k.from_month + $grace_months, 0)
        and (k.until_month is null or p.period / 100 * 12 + p.period % 100 < k.until_month)
        -- A cadre has a say in the own village only.
        and (p.village = k.village or p.village is null or k.village is null)
    group by p.person, p.ref
),
years as (
    select
        person,
        period / 100 as year,
        min(village) as village,
        sum(amount_fen) as amount_fen,
        array_agg(ref) as evidence,
        min(cadre) as cadre,
        count(distinct period) as months,
        array_agg(distinct programme) as programmes
    from paid
    group by person, period / 100
    having sum(amount_fen) > 0
),
word as (
    select person, cadre, min(trim(relation)) as relation
    from close_kin
    group by person, cadre
)
select
    y.person as subject,
    y.village,
    cast(y.year as int) as period,
    y.amount_fen,
    y.evidence,
    y.cadre,
    w.relation,
    y.months,
    y.programmes
from years y
join word w on w.person = y.person and w.cadre = y.cadre
