-- Stepped-up supervision and joint work: the list of a quarter with every score, villages under supervision
-- with what was looked at and asked of them, areas, cooperations that give rights for a time, campaigns.

-- Figures of a village's year that the register cannot count itself.
create table stepped_figures (
  id text not null,
  place text not null,
  year bigint not null,
  income_fen bigint,
  funds_fen bigint,
  residents bigint,
  source text not null,
  entered_by text,
  entered_day text not null,
  constraint stepped_figures_pk primary key (id),
  constraint stepped_figures_once unique (place, year),
  constraint stepped_figures_place_fk foreign key (place) references places (id),
  constraint stepped_figures_entered_fk foreign key (entered_by) references people (id)
);

create table stepped_lists (
  id text not null,
  quarter text not null,
  record text not null,
  catalogue text not null,
  proposed_by text not null,
  proposed_day text not null,
  approved_by text,
  approved_day text,
  constraint stepped_lists_pk primary key (id),
  constraint stepped_lists_once unique (quarter),
  constraint stepped_lists_proposed_fk foreign key (proposed_by) references people (id),
  constraint stepped_lists_approved_fk foreign key (approved_by) references people (id),
  constraint stepped_lists_another check (approved_by is null or approved_by <> proposed_by)
);

-- Every village with its score as it was on that day, and who put it on the list or took it off, and why.
create table stepped_scores (
  id text not null,
  list text not null,
  place text not null,
  score bigint not null,
  rank bigint not null,
  parts text not null,
  listed bigint not null,
  reason text,
  changed_by text,
  changed_day text,
  constraint stepped_scores_pk primary key (id),
  constraint stepped_scores_once unique (list, place),
  constraint stepped_scores_list_fk foreign key (list) references stepped_lists (id),
  constraint stepped_scores_place_fk foreign key (place) references places (id),
  constraint stepped_scores_changed_fk foreign key (changed_by) references people (id),
  constraint stepped_scores_reason check (changed_by is null or reason is not null)
);

create table stepped_villages (
  id text not null,
  number text not null,
  place text not null,
  list text not null,
  leader text not null,
  state text not null,
  from_day text not null,
  until_day text not null,
  contacts text not null,
  proposed_by text not null,
  proposed_day text not null,
  decided_by text,
  decided_day text,
  ended_day text,
  catalogue text not null,
  record text not null,
  constraint stepped_villages_pk primary key (id),
  constraint stepped_villages_number_once unique (number),
  constraint stepped_villages_place_fk foreign key (place) references places (id),
  constraint stepped_villages_list_fk foreign key (list) references stepped_lists (id),
  constraint stepped_villages_leader_fk foreign key (leader) references people (id),
  constraint stepped_villages_proposed_fk foreign key (proposed_by) references people (id),
  constraint stepped_villages_decided_fk foreign key (decided_by) references people (id),
  constraint stepped_state check (state in ('proposed', 'refused', 'active', 'end_proposed', 'longer_proposed', 'ended')),
  constraint stepped_villages_another check (decided_by is null or decided_by <> proposed_by)
);
create index stepped_villages_by_place on stepped_villages (place, state);
create index stepped_villages_by_state on stepped_villages (state, from_day);

create table stepped_steps (
  id text not null,
  village text not null,
  seq bigint not null,
  step text not null,
  day text not null,
  person text not null,
  role text not null,
  agreed bigint not null,
  words text not null,
  constraint stepped_steps_pk primary key (id),
  constraint stepped_steps_once unique (village, seq),
  constraint stepped_steps_village_fk foreign key (village) references stepped_villages (id),
  constraint stepped_steps_person_fk foreign key (person) references people (id)
);

create table stepped_checks (
  id text not null,
  village text not null,
  item text not null,
  round bigint not null,
  first text not null,
  second text not null,
  assigned_by text not null,
  assigned_day text not null,
  rule text not null,
  due_day text not null,
  provisional bigint not null,
  catalogue text not null,
  state text not null,
  problem bigint not null,
  words text,
  recorded_by text,
  recorded_day text,
  confirmed_by text,
  confirmed_day text,
  constraint stepped_checks_pk primary key (id),
  constraint stepped_checks_once unique (village, item, round),
  constraint stepped_checks_village_fk foreign key (village) references stepped_villages (id),
  constraint stepped_checks_first_fk foreign key (first) references people (id),
  constraint stepped_checks_second_fk foreign key (second) references people (id),
  constraint stepped_checks_assigned_fk foreign key (assigned_by) references people (id),
  constraint stepped_checks_recorded_fk foreign key (recorded_by) references people (id),
  constraint stepped_checks_confirmed_fk foreign key (confirmed_by) references people (id),
  constraint stepped_checks_state_known check (state in ('assigned', 'recorded', 'confirmed', 'dropped')),
  constraint stepped_checks_two check (first <> second),
  constraint stepped_checks_another check (recorded_by is null or confirmed_by is null or recorded_by <> confirmed_by)
);
create index stepped_checks_by_first on stepped_checks (first, state);
create index stepped_checks_by_second on stepped_checks (second, state);

create table stepped_measures (
  id text not null,
  village text not null,
  kind text not null,
  words text not null,
  rectification text,
  rule text not null,
  due_day text not null,
  provisional bigint not null,
  catalogue text not null,
  ordered_by text not null,
  ordered_day text not null,
  result text,
  done_by text,
  done_day text,
  constraint stepped_measures_pk primary key (id),
  constraint stepped_measures_village_fk foreign key (village) references stepped_villages (id),
  constraint stepped_measures_rectification_fk foreign key (rectification) references rectifications (id),
  constraint stepped_measures_ordered_fk foreign key (ordered_by) references people (id),
  constraint stepped_measures_done_fk foreign key (done_by) references people (id)
);
create index stepped_measures_by_village on stepped_measures (village, done_day);

-- The office that leads an area (片区), and the leader. Which townships are in it says places.area.
create table areas (
  id text not null,
  name text not null,
  office text not null,
  leader text not null,
  from_day text not null,
  until_day text,
  constraint areas_pk primary key (id),
  constraint areas_leader_fk foreign key (leader) references people (id)
);
create index areas_by_name on areas (name, until_day);

-- People of other offices help in a place, or with one thing, from a day to a day: what is approved gives
-- them the role of the area there, and nothing after its last day.
create table cooperations (
  id text not null,
  number text not null,
  kind text not null,
  place text not null,
  thing_kind text,
  thing text,
  reason text not null,
  state text not null,
  from_day text not null,
  until_day text not null,
  asked_by text not null,
  asked_role text not null,
  asked_day text not null,
  decided_by text,
  decided_day text,
  result text,
  ended_day text,
  constraint cooperations_pk primary key (id),
  constraint cooperations_number_once unique (number),
  constraint cooperations_place_fk foreign key (place) references places (id),
  constraint cooperations_asked_fk foreign key (asked_by) references people (id),
  constraint cooperations_decided_fk foreign key (decided_by) references people (id),
  constraint cooperations_kind_known check (kind in ('joint', 'cross', 'lift', 'assist')),
  constraint cooperations_state_known check (state in ('asked', 'refused', 'approved', 'ended')),
  constraint cooperations_thing_known check (thing_kind is null or thing_kind in ('stepped', 'hit', 'clue')),
  constraint cooperations_thing_whole check ((thing is null) = (thing_kind is null)),
  constraint cooperations_span check (until_day >= from_day),
  constraint cooperations_another check (decided_by is null or decided_by <> asked_by)
);
create index cooperations_by_place on cooperations (place, state, until_day);

create table cooperation_people (
  id text not null,
  cooperation text not null,
  person text not null,
  constraint cooperation_people_pk primary key (id),
  constraint cooperation_people_once unique (cooperation, person),
  constraint cooperation_people_of_fk foreign key (cooperation) references cooperations (id),
  constraint cooperation_people_person_fk foreign key (person) references people (id)
);
create index cooperation_people_by_person on cooperation_people (person);

create table campaigns (
  id text not null,
  number text not null,
  kind text not null,
  title text not null,
  place text not null,
  purpose text not null,
  bureaus text not null,
  state text not null,
  from_day text not null,
  until_day text not null,
  proposed_by text not null,
  proposed_day text not null,
  decided_by text,
  decided_day text,
  result text,
  closed_by text,
  closed_day text,
  constraint campaigns_pk primary key (id),
  constraint campaigns_number_once unique (number),
  constraint campaigns_place_fk foreign key (place) references places (id),
  constraint campaigns_proposed_fk foreign key (proposed_by) references people (id),
  constraint campaigns_decided_fk foreign key (decided_by) references people (id),
  constraint campaigns_closed_fk foreign key (closed_by) references people (id),
  constraint campaigns_state_known check (state in ('proposed', 'refused', 'open', 'closed')),
  constraint campaigns_another check (decided_by is null or decided_by <> proposed_by)
);
create index campaigns_by_place on campaigns (place, state);

create table campaign_team (
  id text not null,
  campaign text not null,
  person text not null,
  constraint campaign_team_pk primary key (id),
  constraint campaign_team_once unique (campaign, person),
  constraint campaign_team_of_fk foreign key (campaign) references campaigns (id),
  constraint campaign_team_person_fk foreign key (person) references people (id)
);
create index campaign_team_by_person on campaign_team (person);

create table campaign_points (
  id text not null,
  campaign text not null,
  seq bigint not null,
  text text not null,
  problem bigint,
  words text,
  recorded_by text,
  recorded_day text,
  constraint campaign_points_pk primary key (id),
  constraint campaign_points_once unique (campaign, seq),
  constraint campaign_points_of_fk foreign key (campaign) references campaigns (id),
  constraint campaign_points_recorded_fk foreign key (recorded_by) references people (id)
);

create table campaign_findings (
  id text not null,
  campaign text not null,
  finding text not null,
  linked_by text not null,
  linked_day text not null,
  constraint campaign_findings_pk primary key (id),
  constraint campaign_findings_once unique (campaign, finding),
  constraint campaign_findings_of_fk foreign key (campaign) references campaigns (id),
  constraint campaign_findings_finding_fk foreign key (finding) references findings (id),
  constraint campaign_findings_linked_fk foreign key (linked_by) references people (id)
);
create index campaign_findings_by_finding on campaign_findings (finding);
