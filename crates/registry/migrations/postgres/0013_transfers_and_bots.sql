-- The reporter objects to a transfer, and an office decides on it: days of a transfer belong to a side. Notices
-- remember when they were last tried, so that a channel with a limit keeps it, whoever of several workers delivers.

alter table report_dues add column side text;

alter table outbox add column tried_ms bigint;
create index outbox_by_try on outbox (channel, tried_ms);
