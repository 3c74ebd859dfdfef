-- What follows in other hands: clues handed to other organs and from them, recommendations, what posts
-- answer for, rules of the office; dual checks that do not apply, and successors in a post.

-- What is due in these, with the level that looks at it: what is overdue goes one level up.
create table follow_dues (
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
  level text not null,
  raised_day text,
  met_day text,
  constraint follow_dues_pk primary key (id),
  constraint follow_dues_place_fk foreign key (place) references places (id),
  constraint follow_dues_kind_known check (kind in ('handover', 'letter', 'duty', 'regulation')),
  constraint follow_dues_level_known check (level in ('village', 'township', 'county', 'above'))
);
create index follow_dues_by_subject on follow_dues (subject, met_day);
create index follow_dues_by_day on follow_dues (met_day, due_day);

create table handovers (
  id text not null,
  number text not null,
  direction text not null,
  partner text not null,
  organ text not null,
  place text not null,
  clue text not null,
  papers text not null,
  words text not null,
  state text not null,
  proposed_by text,
  proposed_day text not null,
  approved_by text,
  approved_day text,
  their_number text,
  receipt_day text,
  answer text,
  answered_by text,
  answered_day text,
  constraint handovers_pk primary key (id),
  constraint handovers_number_once unique (number),
  constraint handovers_place_fk foreign key (place) references places (id),
  constraint handovers_clue_fk foreign key (clue) references clues (id),
  constraint handovers_proposed_fk foreign key (proposed_by) references people (id),
  constraint handovers_approved_fk foreign key (approved_by) references people (id),
  constraint handovers_answered_fk foreign key (answered_by) references people (id),
  constraint handovers_direction_known check (direction in ('out', 'in')),
  constraint handovers_state_known check (state in ('proposed', 'refused', 'sent', 'received', 'answered')),
  constraint handovers_another check (approved_by is null or approved_by <> proposed_by)
);
create index handovers_by_place on handovers (place, state);
create index handovers_by_clue on handovers (clue);

create table letters (
  id text not null,
  number text not null,
  place text not null,
  addressee text not null,
  rectification text,
  finding text,
  problem text not null,
  demand text not null,
  state text not null,
  proposed_by text not null,
  proposed_day text not null,
  approved_by text,
  approved_day text,
  replied_by text,
  returned bigint not null,
  closed_day text,
  constraint letters_pk primary key (id),
  constraint letters_number_once unique (number),
  constraint letters_place_fk foreign key (place) references places (id),
  constraint letters_rectification_fk foreign key (rectification) references rectifications (id),
  constraint letters_finding_fk foreign key (finding) references findings (id),
  constraint letters_proposed_fk foreign key (proposed_by) references people (id),
  constraint letters_approved_fk foreign key (approved_by) references people (id),
  constraint letters_replied_fk foreign key (replied_by) references people (id),
  constraint letters_ground check (rectification is not null or finding is not null),
  constraint letters_states check (state in ('proposed', 'refused', 'sent', 'replied', 'returned', 'accepted', 'closed')),
  constraint letters_another check (approved_by is null or approved_by <> proposed_by)
);
create index letters_by_place on letters (place, state);

create table letter_events (
  id text not null,
  letter text not null,
  seq bigint not null,
  act text not null,
  day text not null,
  person text not null,
  role text not null,
  agreed bigint not null,
  words text not null,
  constraint letter_events_pk primary key (id),
  constraint letter_events_once unique (letter, seq),
  constraint letter_events_letter_fk foreign key (letter) references letters (id),
  constraint letter_events_person_fk foreign key (person) references people (id)
);

-- That a dual check does not apply: said by one with a reason, decided by another.
create table dual_waivers (
  id text not null,
  clue text not null,
  reason text not null,
  proposed_by text not null,
  proposed_day text not null,
  decided_by text,
  decided_day text,
  agreed bigint,
  constraint dual_waivers_pk primary key (id),
  constraint dual_waivers_clue_fk foreign key (clue) references clues (id),
  constraint dual_waivers_proposed_fk foreign key (proposed_by) references people (id),
  constraint dual_waivers_decided_fk foreign key (decided_by) references people (id),
  constraint dual_waivers_another check (decided_by is null or decided_by <> proposed_by)
);
create index dual_waivers_by_clue on dual_waivers (clue);

-- Two clues that belong together and are handled apart.
create table clue_links (
  id text not null,
  clue text not null,
  other text not null,
  reason text not null,
  person text not null,
  day text not null,
  constraint clue_links_pk primary key (id),
  constraint clue_links_pair_once unique (clue, other),
  constraint clue_links_clue_fk foreign key (clue) references clues (id),
  constraint clue_links_other_fk foreign key (other) references clues (id),
  constraint clue_links_person_fk foreign key (person) references people (id),
  constraint clue_links_two check (clue <> other)
);
create index clue_links_by_other on clue_links (other);

-- Whose post he took over after the day.
alter table dual_checks add column successor_of text;

-- What a post owes in a year, whoever holds it.
create table post_duties (
  id text not null,
  number text not null,
  code text not null,
  list text not null,
  year bigint not null,
  place text not null,
  role text not null,
  state text not null,
  opened_by text,
  opened_day text not null,
  shown_by text,
  shown_day text,
  words text,
  judged_by text,
  judged_day text,
  judgement text,
  constraint post_duties_pk primary key (id),
  constraint post_duties_number_once unique (number),
  constraint post_duties_once unique (code, year, place, role),
  constraint post_duties_place_fk foreign key (place) references places (id),
  constraint post_duties_opened_fk foreign key (opened_by) references people (id),
  constraint post_duties_shown_fk foreign key (shown_by) references people (id),
  constraint post_duties_judged_fk foreign key (judged_by) references people (id),
  constraint post_duties_list_known check (list in ('main', 'supervision', 'one_post')),
  constraint post_duties_state_known check (state in ('open', 'shown', 'done')),
  constraint post_duties_another check (judged_by is null or judged_by <> shown_by)
);
create index post_duties_by_place on post_duties (place, state);

-- A file, or the number of an entry of the register, that shows it.
create table post_duty_evidence (
  id text not null,
  duty text not null,
  kind text not null,
  name text not null,
  target text not null,
  person text not null,
  day text not null,
  constraint post_duty_evidence_pk primary key (id),
  constraint post_duty_evidence_duty_fk foreign key (duty) references post_duties (id),
  constraint post_duty_evidence_person_fk foreign key (person) references people (id),
  constraint post_duty_evidence_kind_known check (kind in ('file', 'entry'))
);
create index post_duty_evidence_by_duty on post_duty_evidence (duty);

create table regulations (
  id text not null,
  number text not null,
  place text not null,
  owner text not null,
  title text not null,
  state text not null,
  from_day text,
  closed_day text,
  constraint regulations_pk primary key (id),
  constraint regulations_number_once unique (number),
  constraint regulations_place_fk foreign key (place) references places (id),
  constraint regulations_state_known check (state in ('proposed', 'in_force', 'amending', 'repealed'))
);
create index regulations_by_place on regulations (place, state);

create table regulation_versions (
  id text not null,
  regulation text not null,
  version bigint not null,
  text text not null,
  basis text not null,
  written_by text not null,
  written_day text not null,
  approved_by text,
  approved_day text,
  agreed bigint,
  constraint regulation_versions_pk primary key (id),
  constraint regulation_versions_once unique (regulation, version),
  constraint regulation_versions_of_fk foreign key (regulation) references regulations (id),
  constraint regulation_versions_written_fk foreign key (written_by) references people (id),
  constraint regulation_versions_approved_fk foreign key (approved_by) references people (id),
  constraint regulation_versions_another check (approved_by is null or approved_by <> written_by)
);

create table regulation_reviews (
  id text not null,
  regulation text not null,
  used text not null,
  works text not null,
  outcome text not null,
  words text not null,
  written_by text not null,
  written_day text not null,
  approved_by text,
  approved_day text,
  agreed bigint,
  constraint regulation_reviews_pk primary key (id),
  constraint regulation_reviews_of_fk foreign key (regulation) references regulations (id),
  constraint regulation_reviews_written_fk foreign key (written_by) references people (id),
  constraint regulation_reviews_approved_fk foreign key (approved_by) references people (id),
  constraint regulation_reviews_another check (approved_by is null or approved_by <> written_by)
);
create index regulation_reviews_by_regulation on regulation_reviews (regulation);

-- What shows that a rule does not work: the number of a finding or a rectification, or a cause.
create table regulation_links (
  id text not null,
  regulation text not null,
  kind text not null,
  target text not null,
  person text not null,
  day text not null,
  constraint regulation_links_pk primary key (id),
  constraint regulation_links_once unique (regulation, kind, target),
  constraint regulation_links_of_fk foreign key (regulation) references regulations (id),
  constraint regulation_links_person_fk foreign key (person) references people (id),
  constraint regulation_links_kind_known check (kind in ('finding', 'rectification', 'cause'))
);
