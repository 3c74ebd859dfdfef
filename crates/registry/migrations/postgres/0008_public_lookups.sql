-- What public pages look up, found without reading whole tables: a county of five years has a hundred
-- thousand notices and questions.

create index notices_by_matter on notices (matter);
create index questions_by_matter on questions (matter);
create index questions_by_notice on questions (notice);
create index answers_by_question on answers (question);
create index matters_by_power on matters (power, state, opened_day);
create index dues_by_matter on dues (substr(subject, 1, 26));
