-- Village matters: what happened in each, step by step; what was made public; what was asked.

create table matters (
  id text not null,
  number text not null,
  power text not null,
  place text not null,
  title text not null,
  subject text,
  amount_fen bigint,
  opened_day text not null,
  catalogue text not null,
  state text not null,
  record text not null,
  closed_day text,
  constraint matters_pk primary key (id),
  constraint matters_place_fk foreign key (place) references places (id),
  constraint matters_subject_fk foreign key (subject) references people (id),
  constraint matters_number_once unique (number),
  constraint matters_state_known check (state in ('open', 'archived', 'stopped'))
);
create index matters_by_place on matters (place, opened_day);

-- What happened to a matter, one row for each event, in order. `data` is the event as the rules
-- read it; the other columns are for finding it.
create table events (
  id text not null,
  matter text not null,
  seq bigint not null,
  kind text not null,
  step text,
  day text not null,
  person text,
  role text,
  data text not null,
  note text not null,
  constraint events_pk primary key (id),
  constraint events_matter_fk foreign key (matter) references matters (id),
  constraint events_person_fk foreign key (person) references people (id),
  constraint events_seq_once unique (matter, seq)
);

create table documents (
  id text not null,
  matter text not null,
  code text not null,
  name text not null,
  blob_sha256 text not null,
  bytes bigint not null,
  day text not null,
  constraint documents_pk primary key (id),
  constraint documents_matter_fk foreign key (matter) references matters (id)
);
create index documents_by_matter on documents (matter);

create table overrides (
  id text not null,
  matter text not null,
  person text not null,
  ground text not null,
  approver text not null,
  reason text not null,
  day text not null,
  constraint overrides_pk primary key (id),
  constraint overrides_matter_fk foreign key (matter) references matters (id),
  constraint overrides_person_fk foreign key (person) references people (id),
  constraint overrides_approver_fk foreign key (approver) references people (id)
);

create table notices (
  id text not null,
  number text not null,
  place text not null,
  duty text not null,
  matter text,
  step text,
  period text not null,
  constraint notices_pk primary key (id),
  constraint notices_place_fk foreign key (place) references places (id),
  constraint notices_matter_fk foreign key (matter) references matters (id),
  constraint notices_number_once unique (number)
);
create index notices_by_place on notices (place, duty, period);

create table notice_versions (
  id text not null,
  notice text not null,
  version bigint not null,
  state text not null,
  title text not null,
  body text not null,
  profile text not null,
  prepared_by text,
  checked_by text,
  published_day text not null,
  due_day text,
  until_day text not null,
  channels text not null,
  reason text,
  constraint notice_versions_pk primary key (id),
  constraint notice_versions_notice_fk foreign key (notice) references notices (id),
  constraint notice_versions_prepared_fk foreign key (prepared_by) references people (id),
  constraint notice_versions_checked_fk foreign key (checked_by) references people (id),
  constraint notice_versions_once unique (notice, version),
  constraint notice_versions_state_known check (state in ('published', 'corrected', 'withdrawn'))
);

create table questions (
  id text not null,
  number text not null,
  matter text,
  notice text,
  place text not null,
  asker_kind text not null,
  text text not null,
  asked_day text not null,
  due_day text not null,
  constraint questions_pk primary key (id),
  constraint questions_matter_fk foreign key (matter) references matters (id),
  constraint questions_notice_fk foreign key (notice) references notices (id),
  constraint questions_place_fk foreign key (place) references places (id),
  constraint questions_number_once unique (number),
  constraint questions_asker_known check (asker_kind in ('villager', 'anonymous', 'committee', 'representative'))
);

create table answers (
  id text not null,
  question text not null,
  text text not null,
  person text not null,
  day text not null,
  constraint answers_pk primary key (id),
  constraint answers_question_fk foreign key (question) references questions (id),
  constraint answers_person_fk foreign key (person) references people (id)
);

-- What is due, and when: each with the rule and the calendar that it was computed by.
create table dues (
  id text not null,
  subject text not null,
  place text not null,
  rule text not null,
  start_day text not null,
  due_day text not null,
  provisional bigint not null,
  catalogue text not null,
  level text not null,
  met_day text,
  raised_day text,
  constraint dues_pk primary key (id),
  constraint dues_place_fk foreign key (place) references places (id),
  constraint dues_level_known check (level in ('village', 'township', 'county'))
);
create index dues_by_day on dues (met_day, due_day);

-- Count and root of a village's live records on a day, so that an omission shows.
create table manifests (
  id text not null,
  place text not null,
  day text not null,
  records bigint not null,
  root text not null,
  constraint manifests_pk primary key (id),
  constraint manifests_place_fk foreign key (place) references places (id),
  constraint manifests_once unique (place, day)
);

-- Running numbers, by what they number.
create table serials (
  name text not null,
  value bigint not null,
  constraint serials_pk primary key (name)
);
