-- What the supervision committee asks whoever prepared something, before it is published or paid.

create table inquiries (
  id text not null,
  place text not null,
  preparation text,
  matter text,
  step text,
  text text not null,
  asked_by text not null,
  asked_role text not null,
  asked_day text not null,
  asked_of text,
  answer text,
  answered_by text,
  answered_day text,
  constraint inquiries_pk primary key (id),
  constraint inquiries_place_fk foreign key (place) references places (id),
  constraint inquiries_preparation_fk foreign key (preparation) references preparations (id),
  constraint inquiries_matter_fk foreign key (matter) references matters (id),
  constraint inquiries_asked_by_fk foreign key (asked_by) references people (id),
  constraint inquiries_asked_of_fk foreign key (asked_of) references people (id),
  constraint inquiries_answered_fk foreign key (answered_by) references people (id),
  constraint inquiries_about_one check ((preparation is null) <> (matter is null))
);
create index inquiries_by_place on inquiries (place, answered_day);
