-- id = "cadre-kin-share"
-- number = "M05"
-- version = 1
-- title = { zh = "村干部亲属享受救助占比异常", en = "Relatives of a cadre over-represented" }
-- violation = "favour_kin"
-- grain = "person"
-- severity = "high"
-- facts = ["payments", "people", "cadres", "cadre_kin"]
-- innocent = [
--   { zh = "亲属家庭确实困难，均已依法评议、公示、备案", en = "the relatives are really poor, reviewed, published and registered" },
--   { zh = "小村大姓，亲属申报不全，占比被低估", en = "a clan village in which far more are kin than was declared" },
--   { zh = "亲属关系填报有误", en = "relations were declared wrongly" },
-- ]
-- next_check = [
--   { zh = "逐户查亲属享受救助备案和公示记录", en = "look at registration and publication household by household" },
--   { zh = "与同村条件相近的未享受家庭比较", en = "compare with families of similar means in the village that get nothing" },
--   { zh = "查评议会议记录，干部是否回避", en = "read the minutes of the review: did the cadre stand aside?" },
-- ]
-- gaps = [
--   { zh = "只看申报过的亲属", en = "only declared relatives are seen" },
--   { zh = "贫困常在家族中聚集，按人随机分布的假设偏严", en = "poverty runs in families: chance by person is a strict yardstick" },
-- ]
-- basis = [
--   { instrument = "06-models M05", confidence = "F" },
--   { instrument = "最低生活保障审核确认办法（近亲属备案）", confidence = "K-m" },
-- ]
-- [reason]
-- zh = "{programme}在任职村的{paid}名对象中{kin}名（{households}户）是其亲属，占{paid_share_bp}；其亲属只占全村人口{village_share_bp}；亲属共领{amount_fen}元"
-- en = "Of {paid} people paid {programme} in the cadre's village {kin} (in {households} households) are relatives: {paid_share_bp}, while relatives are {village_share_bp} of the village; {amount_fen} yuan to them"
-- [params.kin_least]
-- default = 3
-- min = 2
-- max = 50
-- unit = "person"
-- basis = "06-models M05: n = 3"
-- confidence = "D"
-- [params.households_least]
-- default = 2
-- min = 1
-- max = 50
-- unit = "household"
-- basis = "aid is given to households: one poor family is one decision, whatever its size"
-- confidence = "D"
-- [params.grace_months]
-- default = 1
-- min = 0
-- max = 12
-- unit = "month"
-- basis = "aid already running when the cadre took office is reviewed by then"
-- confidence = "D"

with chance (kin, expected_e4) as (
    -- Poisson: when no more than so many relatives (in 1/10,000) are expected, so many or more
    -- come about by chance in fewer than 1 case of 10,000. 06-models asks for 1 in 100, but a
    -- county asks the question of thousands of cadres and programmes at once.
    values
        (2, 142), (3, 861), (4, 2317), (5, 4444), (6, 7137), (7, 10303), (8, 13869), (9, 17775),
        (10, 21975), (11, 26432), (12, 31114), (13, 35998), (14, 41063), (15, 46290), (16, 51665),
        (17, 57176), (18, 62810), (19, 68560), (20, 74415), (21, 80369), (22, 86414), (23, 92546),
        (24, 98758), (25, 105046), (26, 111406), (27, 117833), (28, 124323), (29, 130875),
        (30, 137484)
),
office as (
    -- Several posts of one cadre in one village are one time in office.
    select
        person as cadre,
        village,
        min(coalesce(date_part('year', from_day) * 12 + date_part('month', from_day), 0))
            as from_month,
        max(coalesce(date_part('year', until_day) * 12 + date_part('month', until_day), 999999))
            as until_month
    from cadres
    where village is not null
    group by person, village
),
kin as (
    select distinct cadre, person from cadre_kin where person <> cadre
),
home as (
    select person, min(village) as village, min(household) as household
    from people
    group by person
),
registered as (
    select village, count(*) as people from home where village is not null group by village
),
relatives as (
    select o.cadre, o.village, count(*) as kin
    from office o
    join kin k on k.cadre = o.cadre
    join home h on h.person = k.person and h.village = o.village
    group by o.cadre, o.village
),
recipients as (
    select
        p.village,
        p.programme,
        p.period / 100 as year,
        p.person,
        array_agg(p.ref) as refs,
        min(p.period / 100 * 12 + p.period % 100) as first_month,
        max(p.period / 100 * 12 + p.period % 100) as last_month,
        sum(p.amount_fen) as amount_fen
    from payments p
    where p.programme in ($S01, $S02, $S03, $S05, $S06, $S36, $S40, $S42, $S49)
        and p.village is not null
        and not coalesce(p.returned, false)
    group by p.village, p.programme, p.period / 100, p.person
    having sum(p.amount_fen) > 0
),
paid as (
    select village, programme, year, count(*) as paid
    from recipients
    group by village, programme, year
),
kin_paid as (
    select
        o.cadre,
        r.village,
        r.programme,
        r.year,
        r.person,
        r.amount_fen,
        r.refs,
        -- Without a household in the register a person stands for one.
        coalesce(h.household, r.person) as household
    from office o
    join kin k on k.cadre = o.cadre
    join recipients r
        on r.person = k.person
        and r.village = o.village
        and r.last_month > o.from_month + $grace_months
        and r.first_month < o.until_month
    left join home h on h.person = r.person
),
counted as (
    select
        cadre,
        village,
        programme,
        year,
        count(*) as kin,
        count(distinct household) as households,
        sum(amount_fen) as amount_fen,
        flatten(array_agg(refs)) as evidence,
        array_agg(person) as people
    from kin_paid
    group by cadre, village, programme, year
    having count(*) >= $kin_least and count(distinct household) >= $households_least
),
measured as (
    select
        c.*,
        p.paid,
        -- Relatives paid here but registered elsewhere belong to the base too.
        greatest(coalesce(r.kin, 0), c.kin) as kin_here,
        g.people as village_people
    from counted c
    join paid p on p.village = c.village and p.programme = c.programme and p.year = c.year
    join registered g on g.village = c.village
    left join relatives r on r.cadre = c.cadre and r.village = c.village
),
ranked as (
    -- One finding per cadre and year: the programme with most relatives.
    select
        m.*,
        row_number() over (
            partition by m.cadre, m.year order by m.kin desc, m.programme, m.village
        ) as place
    from measured m
    join chance on chance.kin = least(m.kin, 30)
    -- expected = paid * kin_here / village_people
    where m.paid * m.kin_here * 10000 <= chance.expected_e4 * m.village_people
)
select
    cadre as subject,
    village,
    cast(year as int) as period,
    amount_fen,
    evidence,
    people,
    programme,
    paid,
    kin,
    households,
    kin * 10000 / paid as paid_share_bp,
    kin_here * 10000 / village_people as village_share_bp
from ranked
where place = 1
