-- From a finding to what is published: findings and their checks, clues, dual checks, rectification,
-- typical cases. People in findings are keys of the facts; their names stay in the vault.

-- What a model asks, as it was when its findings were taken in.
create table finding_models (
  id text not null,
  version bigint not null,
  violation text not null,
  severity text not null,
  title_zh text not null,
  title_en text not null,
  questions text not null,
  retired_day text,
  retired_reason text,
  retired_by text,
  constraint finding_models_pk primary key (id),
  constraint finding_models_retired_fk foreign key (retired_by) references people (id)
);

create table findings (
  id text not null,
  number text not null,
  finding_key text not null,
  model text not null,
  version bigint not null,
  violation text not null,
  severity text not null,
  grain text not null,
  subject text not null,
  place text not null,
  programme text,
  period bigint not null,
  amount_fen bigint,
  score bigint not null,
  reason_zh text not null,
  reason_en text not null,
  evidence text not null,
  evidence_rows bigint not null,
  first_day text not null,
  last_day text not null,
  last_run bigint not null,
  state text not null,
  outcome text,
  recover_fen bigint not null,
  constraint findings_pk primary key (id),
  constraint findings_number_once unique (number),
  constraint findings_key_once unique (finding_key),
  constraint findings_model_fk foreign key (model) references finding_models (id),
  constraint findings_place_fk foreign key (place) references places (id),
  constraint findings_state_known check (state in ('new', 'excluded', 'assigned', 'recorded', 'checked')),
  constraint findings_checked check ((state = 'checked') = (outcome is not null))
);
create index findings_by_place on findings (place, model, state, outcome);
create index findings_by_model on findings (model, state, outcome);
create index findings_by_subject on findings (model, subject);
create index findings_by_score on findings (score);

create table finding_people (
  id text not null,
  finding text not null,
  person_key bigint not null,
  constraint finding_people_pk primary key (id),
  constraint finding_people_finding_fk foreign key (finding) references findings (id),
  constraint finding_people_once unique (finding, person_key)
);
create index finding_people_by_person on finding_people (person_key);

create table finding_checks (
  id text not null,
  finding text not null,
  round bigint not null,
  first text not null,
  second text not null,
  assigned_by text,
  assigned_day text not null,
  rule text not null,
  due_day text not null,
  provisional bigint not null,
  catalogue text not null,
  outcome text,
  reason text,
  cause text,
  answers text,
  recover_fen bigint,
  holds_until text,
  recorded_by text,
  recorded_day text,
  confirmed_by text,
  confirmed_day text,
  agreed bigint,
  constraint finding_checks_pk primary key (id),
  constraint finding_checks_once unique (finding, round),
  constraint finding_checks_finding_fk foreign key (finding) references findings (id),
  constraint finding_checks_first_fk foreign key (first) references people (id),
  constraint finding_checks_second_fk foreign key (second) references people (id),
  constraint finding_checks_assigned_fk foreign key (assigned_by) references people (id),
  constraint finding_checks_recorded_fk foreign key (recorded_by) references people (id),
  constraint finding_checks_confirmed_fk foreign key (confirmed_by) references people (id),
  constraint finding_checks_two check (first <> second),
  constraint finding_checks_another check (recorded_by is null or confirmed_by is null or recorded_by <> confirmed_by)
);
create index finding_checks_by_first on finding_checks (first, confirmed_day);
create index finding_checks_by_second on finding_checks (second, confirmed_day);

-- An explanation that was accepted once: the same question is not asked again before its end.
create table finding_exclusions (
  id text not null,
  finding text not null,
  model text not null,
  subject text not null,
  reason text not null,
  from_day text not null,
  until_day text not null,
  constraint finding_exclusions_pk primary key (id),
  constraint finding_exclusions_finding_fk foreign key (finding) references findings (id),
  constraint finding_exclusions_span check (until_day >= from_day)
);
create index finding_exclusions_by_subject on finding_exclusions (model, subject, until_day);

-- Money to recover, money that came back, money that was given up by a decision.
create table recoveries (
  id text not null,
  finding text not null,
  kind text not null,
  amount_fen bigint not null,
  day text not null,
  note text not null,
  entered_by text,
  constraint recoveries_pk primary key (id),
  constraint recoveries_finding_fk foreign key (finding) references findings (id),
  constraint recoveries_entered_fk foreign key (entered_by) references people (id),
  constraint recoveries_kind_known check (kind in ('due', 'recovered', 'waived')),
  constraint recoveries_some check (amount_fen > 0)
);
create index recoveries_by_finding on recoveries (finding);

-- A look at the names in a finding: asked with a purpose, granted by another.
create table finding_looks (
  id text not null,
  finding text not null,
  asked_by text not null,
  purpose text not null,
  asked_day text not null,
  granted_by text,
  granted_day text,
  until_day text,
  looked_day text,
  constraint finding_looks_pk primary key (id),
  constraint finding_looks_finding_fk foreign key (finding) references findings (id),
  constraint finding_looks_asked_fk foreign key (asked_by) references people (id),
  constraint finding_looks_granted_fk foreign key (granted_by) references people (id),
  constraint finding_looks_another check (granted_by is null or granted_by <> asked_by)
);
create index finding_looks_by_finding on finding_looks (finding);

create table clues (
  id text not null,
  number text not null,
  source text not null,
  office text not null,
  place text not null,
  title text not null,
  state text not null,
  received_day text not null,
  closed_day text,
  merged_into text,
  catalogue text not null,
  record text not null,
  constraint clues_pk primary key (id),
  constraint clues_number_once unique (number),
  constraint clues_place_fk foreign key (place) references places (id),
  constraint clues_merged_fk foreign key (merged_into) references clues (id),
  constraint clues_not_itself check (merged_into is null or merged_into <> id)
);
create index clues_by_place on clues (place, state);

create table clue_people (
  id text not null,
  clue text not null,
  person text not null,
  part text not null,
  constraint clue_people_pk primary key (id),
  constraint clue_people_clue_fk foreign key (clue) references clues (id),
  constraint clue_people_person_fk foreign key (person) references people (id),
  constraint clue_people_once unique (clue, person),
  constraint clue_people_part_known check (part in ('accused', 'witness', 'complainant', 'concerned'))
);

create table clue_events (
  id text not null,
  clue text not null,
  seq bigint not null,
  step text not null,
  day text not null,
  person text,
  role text not null,
  way text,
  outcome text,
  words text not null,
  constraint clue_events_pk primary key (id),
  constraint clue_events_once unique (clue, seq),
  constraint clue_events_clue_fk foreign key (clue) references clues (id),
  constraint clue_events_person_fk foreign key (person) references people (id)
);

create table clue_findings (
  id text not null,
  clue text not null,
  finding text not null,
  constraint clue_findings_pk primary key (id),
  constraint clue_findings_clue_fk foreign key (clue) references clues (id),
  constraint clue_findings_finding_fk foreign key (finding) references findings (id),
  constraint clue_findings_once unique (clue, finding)
);
create index clue_findings_by_finding on clue_findings (finding);

-- What is due in a clue, a dual check or a rectification. Apart from other dues: only those who may know
-- of it see it.
create table supervision_dues (
  id text not null,
  kind text not null,
  subject text not null,
  place text not null,
  step text not null,
  rule text not null,
  start_day text not null,
  due_day text not null,
  provisional bigint not null,
  catalogue text not null,
  extensions bigint not null,
  met_day text,
  constraint supervision_dues_pk primary key (id),
  constraint supervision_dues_place_fk foreign key (place) references places (id),
  constraint supervision_dues_kind_known check (kind in ('clue', 'dual', 'rectification'))
);
create index supervision_dues_by_subject on supervision_dues (subject, step);
create index supervision_dues_by_day on supervision_dues (met_day, due_day);

create table dual_checks (
  id text not null,
  clue text not null,
  duty text not null,
  role text not null,
  place text not null,
  person text not null,
  on_day text not null,
  question text not null,
  opened_by text,
  opened_day text not null,
  answer text,
  answered_day text,
  verdict text,
  reason text,
  measure text,
  decided_by text,
  decided_day text,
  constraint dual_checks_pk primary key (id),
  constraint dual_checks_once unique (clue, duty, person),
  constraint dual_checks_clue_fk foreign key (clue) references clues (id),
  constraint dual_checks_place_fk foreign key (place) references places (id),
  constraint dual_checks_person_fk foreign key (person) references people (id),
  constraint dual_checks_opened_fk foreign key (opened_by) references people (id),
  constraint dual_checks_decided_fk foreign key (decided_by) references people (id),
  constraint dual_checks_another check (decided_by is null or (decided_by <> person and decided_by <> opened_by))
);

create table rectifications (
  id text not null,
  number text not null,
  place text not null,
  clue text,
  finding text,
  problem text not null,
  cause text,
  measure text,
  owner text,
  state text not null,
  issued_by text not null,
  issued_day text not null,
  closed_day text,
  relapses bigint not null,
  record text not null,
  constraint rectifications_pk primary key (id),
  constraint rectifications_number_once unique (number),
  constraint rectifications_place_fk foreign key (place) references places (id),
  constraint rectifications_clue_fk foreign key (clue) references clues (id),
  constraint rectifications_finding_fk foreign key (finding) references findings (id),
  constraint rectifications_owner_fk foreign key (owner) references people (id),
  constraint rectifications_issued_fk foreign key (issued_by) references people (id),
  constraint rectifications_state_known check (state in ('issued', 'planned', 'approved', 'done', 'closed'))
);
create index rectifications_by_place on rectifications (place, state);

create table rectification_events (
  id text not null,
  rectification text not null,
  seq bigint not null,
  step text not null,
  day text not null,
  person text not null,
  role text not null,
  agreed bigint not null,
  words text not null,
  constraint rectification_events_pk primary key (id),
  constraint rectification_events_once unique (rectification, seq),
  constraint rectification_events_of_fk foreign key (rectification) references rectifications (id),
  constraint rectification_events_person_fk foreign key (person) references people (id)
);

-- Typical cases and clearings: the text is what leaves, names already as they are shown.
create table case_notices (
  id text not null,
  number text not null,
  kind text not null,
  place text not null,
  clue text,
  finding text,
  title text not null,
  text text not null,
  from_day text not null,
  until_day text not null,
  state text not null,
  proposed_by text not null,
  proposed_day text not null,
  approved_by text,
  approved_day text,
  withdrawn_day text,
  withdrawn_reason text,
  constraint case_notices_pk primary key (id),
  constraint case_notices_number_once unique (number),
  constraint case_notices_place_fk foreign key (place) references places (id),
  constraint case_notices_clue_fk foreign key (clue) references clues (id),
  constraint case_notices_finding_fk foreign key (finding) references findings (id),
  constraint case_notices_proposed_fk foreign key (proposed_by) references people (id),
  constraint case_notices_approved_fk foreign key (approved_by) references people (id),
  constraint case_notices_kind_known check (kind in ('case', 'clearing')),
  constraint case_notices_state_known check (state in ('proposed', 'public', 'withdrawn')),
  constraint case_notices_another check (approved_by is null or approved_by <> proposed_by)
);
create index case_notices_by_state on case_notices (state, from_day);
