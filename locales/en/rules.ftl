# How a period is counted
rule-due-rule = Rule { $rule }: { $count } { $unit ->
    [working_day] working days
    [month] months
   *[other] days
  }.
rule-due-start = { $day }, the day on which it starts, is not counted ({ $basis }).
rule-due-at-once = To be done at once, by { $day }.
rule-due-working-day = { $day }: working day { $number }.
rule-due-make-up-day = { $day }: a weekend day that is worked, working day { $number }.
rule-due-skipped-weekend = { $day }: weekend, not counted.
rule-due-skipped-holiday = { $day }: a day off ({ $festival }), not counted.
rule-due-calendar-days = { $count } days from the day after { $from }, until { $day }.
rule-due-calendar-days-paused = { $count } days from the day after { $from }, until { $day } (the start moved by { $paused } days of pauses).
rule-due-months = { $count } months from { $from }, until { $day }.
rule-due-months-paused = { $count } months from { $from }, until { $day } (the start moved by { $paused } days of pauses).
rule-due-month-end = The month has no such day, so its last day { $day } is taken.
rule-due-pause = The clock stood still from { $from } to { $until }, ground: { $ground }.
rule-due-extension = On { $day } { $approver } granted { $count } more { $unit ->
    [working_day] working days
    [month] months
   *[other] days
  }.
rule-due-last-weekend = The last day { $day } is on a weekend.
rule-due-last-holiday = The last day { $day } is a day off ({ $festival }).
rule-due-moved = It moves from { $from } to { $day } ({ $basis }).
rule-due-last-day = On { $day } at the latest.
rule-due-minimum-ends = The period ends with { $day }; the next step may follow from the day after.
rule-due-basis = Basis: { $basis }.
rule-due-year-provisional = The days off of { $year } are not yet announced: the result is provisional.
rule-due-year-unknown = There are no calendar data for { $year }: the result is provisional.

# Refusals about periods
rule-deadline-pause-ground = Rule { $rule } may not be paused for “{ $ground }”, only for: { $allowed }.
rule-deadline-pause-span = The pause of rule { $rule } from { $from } to { $until } ends before it begins.
rule-deadline-extension-none = Rule { $rule } may not be extended.
rule-deadline-extension-times = Rule { $rule } may be extended { $times } times only.
rule-deadline-extension-approver = An extension of rule { $rule } is granted by { $approver }, not by { $granted_by }.
rule-deadline-extension-too-long = Rule { $rule } may be extended by at most { $allowed } { $allowed_unit ->
    [working_day] working days
    [month] months
   *[other] days
  }; granted were { $granted } { $granted_unit ->
    [working_day] working days
    [month] months
   *[other] days
  }.
rule-deadline-extension-late = The period of rule { $rule } ended on { $last }; it cannot be extended on { $day }.
rule-deadline-too-far = The period of rule { $rule } lies beyond the days that can be counted.

# Refusals on the way of a matter
rule-event-day-order = The day of record { $day } lies before that of the last record, { $last }: nothing is recorded backwards.
rule-matter-withdrawn = The matter has been withdrawn.
rule-step-unknown = The process has no step “{ $step }”.
rule-step-after = Missing before “{ $step }”: { $missing }.
rule-step-after-any = At least one of these comes before “{ $step }”: { $missing }.
rule-step-done = “{ $step }” has been done and is not done again.
rule-step-archived = The file is closed: “{ $step }” can no longer be done.
rule-step-actor = “{ $step }” is done by { $missing }, not by { $role }.
rule-amount-negative = The amount of “{ $step }” may not be negative.
rule-gate-documents = Documents missing for “{ $step }”: { $missing }.
rule-gate-amount-missing = “{ $step }” needs an amount.
rule-gate-tier-unknown = No decision tiers hold on this day, so nobody is known to decide “{ $step }”.
rule-gate-body-unknown = There are no rules of { $body }, so “{ $step }” cannot be done.
rule-gate-rule-unknown = There is no deadline rule { $rule }, so “{ $step }” cannot be done.
rule-gate-meeting-none = “{ $step }” needs a meeting first: { $body }.
rule-gate-meeting-body = “{ $step }” is decided by { $body }; the meeting was one of { $found }.
rule-gate-meeting-later = The meeting for “{ $step }” is held on { $held } only.
rule-gate-meeting-figures = The minutes of { $body } contradict themselves: check members, attendance, votes, the attendance list and the day of the call.
rule-gate-meeting-early = The meeting of { $body } was held on { $held }, before the step before it was done on { $before }.
rule-gate-meeting-notice = The meeting of { $body } on { $held } was not called early enough (called { $called }, earliest day { $earliest }).
rule-gate-meeting-quorum = { $body } had no quorum: of { $should_attend } members { $present } came, and { $households } households; needed are at least { $needed }.
rule-gate-meeting-majority = { $body } had no majority: { $for } votes for, needed are at least { $needed }.
rule-gate-check = “{ $step }” is first checked by { $role }, and by another person.
rule-gate-check-objected = { $role } objects to “{ $step }”: settle the objection first.
rule-gate-countersign = Countersignatures missing for “{ $step }”: { $missing }.
rule-gate-published-none = Before “{ $step }”, “{ $published }” has to be made public.
rule-gate-published-running = Too early for “{ $step }”: “{ $published }” has been public since { $from } and must stay until { $until }.
rule-gate-published-short = “{ $published }” was public from { $from } and came down on { $down } instead of { $until }; it must be published again before “{ $step }”.
rule-gate-elapsed-none = Before “{ $step }”, “{ $since }” has to be done.
rule-gate-elapsed-running = Too early for “{ $step }”: “{ $since }” was done on { $from } and the period ends on { $until }.
rule-gate-questions = Before “{ $step }”, { $count } open questions have to be answered: { $missing }.
rule-gate-head-last = The minutes for “{ $step }” do not say that the head spoke last.
rule-gate-ballots = Not every vote for “{ $step }” is recorded by name.
rule-gate-extra-signature = One person holds { $posts }, so “{ $step }” needs the signature of somebody else: { $missing }.
rule-gate-other-person = Another person must do “{ $step }”: this one did { $steps } ({ $duty }).
rule-gate-nothing-decided = “{ $step }” has no amount to go by: “{ $decided_by }” decided none.
rule-gate-within-decided = “{ $step }” comes to { $amount_fen } fen in all, beyond the { $decided_fen } fen of “{ $decided_by }” (at most { $most_fen } fen).
rule-question-archived = The file is closed: question { $number } cannot be put to this matter; a new matter or a report can.
rule-question-twice = Question { $number } stands in the register.
rule-question-unknown = There is no open question { $number }.
rule-question-own-answer = Whoever asked question { $number } does not answer it.
rule-question-actor = Answers are given by { $missing }, not by { $role }.
rule-publication-none = “{ $step }” has nothing on the board.
rule-withdraw-reason = A withdrawal needs a reason.
rule-withdraw-actor = A withdrawal comes from { $missing }, not from { $role }.
rule-withdraw-paid = Money has been paid: the matter cannot be withdrawn.
rule-withdraw-archived = The file is closed: the matter cannot be withdrawn.

# Refusals of separation of duties and recusal
rule-duties-persons = { $duty }: one person may not be { $parts } at once.
rule-duties-kin = { $duty }: { $parts } may not be spouses or close relatives.
rule-duties-distinct = { $duty }: too few people share { $parts }.
rule-duties-besides = { $duty }: signatures of others are missing: { $parts }.
rule-duties-number = { $duty }: the number of { $parts } is not what the rule asks for.
rule-roles-exclude = One person may not be { $role } and { $other }.
rule-override-never = Where it is about the person himself, nobody may let him act.
rule-override-self = Nobody lets himself act.
rule-override-conflicted = Whoever lets him act must stay out himself.
rule-override-reason = Letting somebody act in spite of a conflict needs a reason.
rule-override-none = That ground does not hold here.

# Why there is no right
rule-deny-no-right = There is no right to do this.
rule-deny-place = It lies outside the place of your post.
rule-deny-named = You are named in it and can neither see nor handle it.
rule-deny-own-person = Only what is your own can be seen.
rule-deny-code = The receipt code is needed.
rule-deny-task = No task in it was given to you.
rule-deny-programme = It is not of your programme.
rule-deny-routed = It was not sent to your unit.
rule-deny-own-unit = It does not belong to your unit.
rule-deny-field = It is not of your field.
rule-deny-staff-case = Only matters about discipline staff.
rule-deny-approval = It has to be approved first.
rule-deny-published = It is not public yet.
