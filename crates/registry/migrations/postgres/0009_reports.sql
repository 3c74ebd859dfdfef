-- Reports: sealed parts, keys of people and offices, routes, acts, what is due. Nothing here says from
-- which address, device or account an anonymous report came: there is no column for it.

-- The own key of somebody who works with reports; its secret lies here under his passphrase.
create table holder_keys (
  id text not null,
  person text not null,
  recipient text not null,
  wrapped bytea not null,
  made_day text not null,
  ended_day text,
  constraint holder_keys_pk primary key (id),
  constraint holder_keys_person_fk foreign key (person) references people (id),
  constraint holder_keys_recipient_once unique (recipient)
);
create index holder_keys_by_person on holder_keys (person, ended_day);

-- The key of an office in one version after the other. The role OUTSIDE is the next level up: its
-- secret is not here at all.
create table office_keys (
  id text not null,
  role text not null,
  place text not null,
  recipient text not null,
  made_day text not null,
  ended_day text,
  constraint office_keys_pk primary key (id),
  constraint office_keys_place_fk foreign key (place) references places (id)
);
create index office_keys_by_office on office_keys (role, place, ended_day);

-- An office's secret, sealed to the own key of a holder; gone when he is revoked.
create table office_key_holders (
  id text not null,
  office_key text not null,
  holder_key text not null,
  person text not null,
  sealed bytea,
  from_day text not null,
  until_day text,
  constraint office_key_holders_pk primary key (id),
  constraint office_key_holders_key_fk foreign key (office_key) references office_keys (id),
  constraint office_key_holders_holder_fk foreign key (holder_key) references holder_keys (id),
  constraint office_key_holders_person_fk foreign key (person) references people (id)
);
create index office_key_holders_by_person on office_key_holders (person, office_key);

-- Half of an office's secret, for one of two recovery holders.
create table office_key_halves (
  id text not null,
  office_key text not null,
  holder_key text not null,
  person text not null,
  pair text not null,
  sealed bytea not null,
  constraint office_key_halves_pk primary key (id),
  constraint office_key_halves_key_fk foreign key (office_key) references office_keys (id),
  constraint office_key_halves_holder_fk foreign key (holder_key) references holder_keys (id),
  constraint office_key_halves_person_fk foreign key (person) references people (id),
  constraint office_key_halves_once unique (office_key, pair, person)
);

-- `facts` (who is meant, where, about what) is sealed with a key of the machine; null in the sealed
-- queue, where it goes with the content (JJ-03).
create table reports (
  id text not null,
  number text not null,
  door text not null,
  channel text not null,
  state text not null,
  named bigint not null,
  in_sealed_queue bigint not null,
  office text not null,
  identity_office text,
  review_office text,
  filed_day text not null,
  closed_day text,
  receipt_hash text not null,
  reporter_recipient text not null,
  reporter_wrapped bytea not null,
  facts bytea,
  record text not null,
  merged_into text,
  erased_day text,
  constraint reports_pk primary key (id),
  constraint reports_merged_fk foreign key (merged_into) references reports (id),
  constraint reports_number_once unique (number),
  constraint reports_receipt_once unique (receipt_hash),
  constraint reports_named_known check (named in (0, 1)),
  constraint reports_queue_known check (in_sealed_queue in (0, 1)),
  constraint reports_door_known check (door in ('request', 'complaint', 'accusation')),
  constraint reports_state check (state in ('received', 'contested', 'accepted', 'refused', 'replied', 'merged', 'closed'))
);
create index reports_by_office on reports (office, state);
create index reports_by_day on reports (filed_day);

-- Public halves of a report's two keys.
create table report_keys (
  id text not null,
  report text not null,
  part text not null,
  recipient text not null,
  constraint report_keys_pk primary key (id),
  constraint report_keys_report_fk foreign key (report) references reports (id),
  constraint report_keys_once unique (report, part),
  constraint report_keys_part_known check (part in ('content', 'identity'))
);

-- A report's key, wrapped to an office. `stage` is when the office may have it.
create table report_wraps (
  id text not null,
  report_key text not null,
  office_key text not null,
  office text not null,
  stage text not null,
  sealed bytea,
  from_day text not null,
  until_day text,
  constraint report_wraps_pk primary key (id),
  constraint report_wraps_key_fk foreign key (report_key) references report_keys (id),
  constraint report_wraps_office_fk foreign key (office_key) references office_keys (id),
  constraint report_wraps_stage_known check (stage in ('first', 'review', 'identity'))
);
create index report_wraps_by_key on report_wraps (report_key, office);

-- What is sealed: small parts here, attachments among the documents.
create table report_parts (
  id text not null,
  report text not null,
  seq bigint not null,
  kind text not null,
  sealed bytea,
  blob_sha256 text,
  bytes bigint not null,
  day text not null,
  erased_day text,
  constraint report_parts_pk primary key (id),
  constraint report_parts_report_fk foreign key (report) references reports (id),
  constraint report_parts_seq_once unique (report, seq),
  constraint report_parts_kind_known check (kind in ('content', 'identity', 'attachment', 'addition', 'notice', 'note'))
);

-- What was done with a report, one row each, in order. Texts are sealed parts.
create table report_acts (
  id text not null,
  report text not null,
  seq bigint not null,
  kind text not null,
  day text not null,
  person text,
  role text not null,
  office text,
  outcome text,
  part text,
  constraint report_acts_pk primary key (id),
  constraint report_acts_report_fk foreign key (report) references reports (id),
  constraint report_acts_person_fk foreign key (person) references people (id),
  constraint report_acts_part_fk foreign key (part) references report_parts (id),
  constraint report_acts_seq_once unique (report, seq)
);

-- What is due, with what it was computed from.
create table report_dues (
  id text not null,
  report text not null,
  what text not null,
  rule text not null,
  start_day text not null,
  due_day text not null,
  provisional bigint not null,
  catalogue text not null,
  office text not null,
  level text not null,
  pauses text not null,
  extensions text not null,
  met_day text,
  dropped_day text,
  raised_day text,
  constraint report_dues_pk primary key (id),
  constraint report_dues_report_fk foreign key (report) references reports (id),
  constraint report_dues_what_known check (what in ('hand_over', 'accept', 'contest', 'settle', 'tell', 'ask_review')),
  constraint report_dues_level_known check (level in ('village', 'township', 'county', 'above'))
);
create index report_dues_by_report on report_dues (report, what);
create index report_dues_by_day on report_dues (met_day, due_day);

-- Somebody asks to know who reported; another office grants it for a time.
create table identity_requests (
  id text not null,
  report text not null,
  person text not null,
  role text not null,
  purpose text not null,
  asked_day text not null,
  decided_by text,
  decided_role text,
  decided_day text,
  granted bigint,
  until_day text,
  sealed bytea,
  constraint identity_requests_pk primary key (id),
  constraint identity_requests_report_fk foreign key (report) references reports (id),
  constraint identity_requests_person_fk foreign key (person) references people (id),
  constraint identity_requests_decided_fk foreign key (decided_by) references people (id),
  constraint identity_requests_granted_known check (granted in (0, 1))
);
create index identity_requests_by_report on identity_requests (report);

create table identity_looks (
  id text not null,
  request text not null,
  day text not null,
  constraint identity_looks_pk primary key (id),
  constraint identity_looks_request_fk foreign key (request) references identity_requests (id)
);

-- Marks for lasting attention.
create table report_tags (
  id text not null,
  report text not null,
  tag text not null,
  day text not null,
  person text,
  until_day text,
  constraint report_tags_pk primary key (id),
  constraint report_tags_report_fk foreign key (report) references reports (id),
  constraint report_tags_person_fk foreign key (person) references people (id)
);
create index report_tags_by_report on report_tags (report);

-- A leader takes charge of a case, with what he promises and how it was kept.
create table leader_charges (
  id text not null,
  report text not null,
  leader text not null,
  taken_day text not null,
  ended_day text,
  constraint leader_charges_pk primary key (id),
  constraint leader_charges_report_fk foreign key (report) references reports (id),
  constraint leader_charges_leader_fk foreign key (leader) references people (id),
  constraint leader_charges_span check (ended_day is null or ended_day >= taken_day)
);
create index leader_charges_by_report on leader_charges (report);

create table charge_steps (
  id text not null,
  charge text not null,
  commitment text not null,
  day text not null,
  note text not null,
  done bigint not null,
  constraint charge_steps_pk primary key (id),
  constraint charge_steps_charge_fk foreign key (charge) references leader_charges (id),
  constraint charge_steps_done_known check (done in (0, 1))
);

-- Leaders go down and receive visitors.
create table leader_visits (
  id text not null,
  number text not null,
  place text not null,
  leader text not null,
  planned_day text not null,
  held_day text,
  visitors bigint,
  summary text,
  constraint leader_visits_pk primary key (id),
  constraint leader_visits_place_fk foreign key (place) references places (id),
  constraint leader_visits_leader_fk foreign key (leader) references people (id),
  constraint leader_visits_number_once unique (number)
);

-- Villagers say what they want to be told about (群众点题).
create table topics (
  id text not null,
  number text not null,
  place text not null,
  title text not null,
  proposed_day text not null,
  state text not null,
  chosen_day text,
  due_day text,
  answer text,
  answered_day text,
  answered_by text,
  constraint topics_pk primary key (id),
  constraint topics_place_fk foreign key (place) references places (id),
  constraint topics_answered_fk foreign key (answered_by) references people (id),
  constraint topics_number_once unique (number),
  constraint topics_state_known check (state in ('proposed', 'chosen', 'answered', 'declined'))
);
create index topics_by_place on topics (place, state);

-- Who supports one, as a keyed hash: counted once, and nobody can read who.
create table topic_supports (
  id text not null,
  topic text not null,
  supporter_hash text not null,
  day text not null,
  constraint topic_supports_pk primary key (id),
  constraint topic_supports_topic_fk foreign key (topic) references topics (id),
  constraint topic_supports_once unique (topic, supporter_hash)
);

-- Public figures, with small ones left out already.
create table report_totals (
  id text not null,
  level text not null,
  quarter text not null,
  door text not null,
  received bigint,
  in_time bigint,
  overdue bigint,
  satisfied bigint,
  unsatisfied bigint,
  constraint report_totals_pk primary key (id),
  constraint report_totals_once unique (level, quarter, door)
);

-- Commitments of a day that wait for the log of filings. Nothing leads from one to a report.
create table filings (
  id text not null,
  commitment text not null,
  day text not null,
  leaf bigint,
  constraint filings_pk primary key (id),
  constraint filings_commitment_once unique (commitment)
);
create index filings_by_day on filings (day, leaf);

-- Notices on their way: to whom and which sentence, never any content.
create table outbox (
  id text not null,
  channel text not null,
  recipient text not null,
  sentence text not null,
  due_ms bigint not null,
  attempts bigint not null,
  sent_ms bigint,
  failed text,
  constraint outbox_pk primary key (id)
);
create index outbox_by_due on outbox (sent_ms, due_ms);

insert into logs (name, size) values ('filings', 0);
