# Problems in data
problem-catalogue-file-name = The file name does not fit the code “{ $detail }”.
problem-catalogue-file-name-hint = A power's file name begins with its code and a hyphen; other file names are the code.
problem-catalogue-code-twice = This code stands twice: { $detail }.
problem-catalogue-code-twice-hint = Write each code once; the later one was not used.
problem-catalogue-power-code = “{ $detail }” is no code of a power.
problem-catalogue-power-code-hint = A code is the letter of the field and two digits, such as A01.
problem-catalogue-unknown-power = There is no power “{ $detail }”.
problem-catalogue-unknown-power-hint = Check the code, or add the power.
problem-catalogue-unknown-procedure = There is no procedure “{ $detail }”.
problem-catalogue-unknown-procedure-hint = Check the code, or add it to the folder procedures.
problem-catalogue-unknown-role = roles.toml has no role “{ $detail }”.
problem-catalogue-unknown-role-hint = Check the code, or add the role.
problem-catalogue-unknown-body = bodies.toml has no body “{ $detail }”.
problem-catalogue-unknown-body-hint = Check the code, or add the body; where the amount decides write by_tier.
problem-catalogue-unknown-deadline = There is no deadline rule “{ $detail }”.
problem-catalogue-unknown-deadline-hint = Check the code, or add it to the folder deadlines.
problem-catalogue-unknown-step = This process has no step “{ $detail }”.
problem-catalogue-unknown-step-hint = Name a step of the same process.
problem-catalogue-unknown-duty = There is no disclosure duty “{ $detail }”.
problem-catalogue-unknown-duty-hint = Check the code, or add it to the folder disclosure.
problem-catalogue-unknown-profile = There is no field profile “{ $detail }”.
problem-catalogue-unknown-profile-hint = Check the code, or add it to the folder profiles.
problem-catalogue-unknown-negative = negative.toml has no “{ $detail }”.
problem-catalogue-unknown-negative-hint = Check the code, or add the entry.
problem-catalogue-unknown-term = terms.toml has no “{ $detail }”.
problem-catalogue-unknown-term-hint = Check the code, or add its Chinese and English names.
problem-catalogue-not-in-force = “{ $detail }” has no version in force on { $day }.
problem-catalogue-not-in-force-hint = Check from and until, and add a version for that time.
problem-catalogue-deadline-sense = The deadline rule “{ $detail }” is used the wrong way round.
problem-catalogue-deadline-sense-hint = A step is due by a rule that is at_most; publicity and waiting periods are at_least.
problem-catalogue-step-twice = The step code “{ $detail }” stands twice.
problem-catalogue-step-twice-hint = Use each step code once in a process.
problem-catalogue-step-stage = The step “{ $detail }” is at the wrong stage for this.
problem-catalogue-step-stage-hint = Publicity runs from a disclosing step; amounts are set by a step that decides or approves.
problem-catalogue-step-cycle = The step “{ $detail }” waits for itself in a circle.
problem-catalogue-step-cycle-hint = Correct after or after_any, so that there is no circle.
problem-catalogue-step-unreachable = The step “{ $detail }” can never be done.
problem-catalogue-step-unreachable-hint = It waits for steps that are never done; correct those first.
problem-catalogue-steps-twice = There are steps of its own and the procedure “{ $detail }” too.
problem-catalogue-steps-twice-hint = Keep one of them.
problem-catalogue-no-archive = “{ $detail }” does not end by being put on file.
problem-catalogue-no-archive-hint = Give the last step the stage archive.
problem-catalogue-no-disclose = “{ $detail }” has no step that makes it public.
problem-catalogue-no-disclose-hint = Give at least one step the stage disclose.
problem-catalogue-role-excludes = The role “{ $detail }” excludes itself.
problem-catalogue-role-excludes-hint = Name other roles in excludes.
problem-catalogue-share = { $detail } is no proper share.
problem-catalogue-share-hint = The upper number is above zero and not above the lower; with more_than it is below it.
problem-catalogue-tiers = The amount of tier “{ $detail }” is wrong.
problem-catalogue-tiers-hint = Amounts ascend, and only the last tier has no below_fen.
problem-catalogue-frequency = “{ $detail }” is no frequency of disclosure.
problem-catalogue-frequency-hint = Write month, quarter, year, event or standing.
problem-catalogue-duty-due = The frequency is “{ $detail }”, but nothing says by when.
problem-catalogue-duty-due-hint = Write due_day for month, quarter and year, and due_after for event.
problem-catalogue-channel-screen = The duty “{ $detail }” is fulfilled on screens only.
problem-catalogue-channel-screen-hint = Name at least one channel that needs no screen: a board, a visit, a loudspeaker.
problem-catalogue-profile-shows = The field “{ $detail }” is never public.
problem-catalogue-profile-shows-hint = Write hide, or delete the line.
problem-catalogue-calendar-day = { $detail } does not belong to this year.
problem-catalogue-calendar-day-hint = Write days of the year, of the December before it or of the January after it.
problem-catalogue-calendar-weekday = { $detail } is to be worked, but is no Saturday or Sunday.
problem-catalogue-calendar-weekday-hint = Compare with the State Council's announcement.
problem-catalogue-calendar-both = { $detail } is both a day off and a working day.
problem-catalogue-calendar-both-hint = Compare with the State Council's announcement, and keep one.
problem-catalogue-overlay-fixed = A county may not change this: { $detail }.
problem-catalogue-overlay-fixed-hint = A county may add items, change titles and tighten periods marked local; it adds to a basis and takes nothing from it. This item was not used.
problem-catalogue-overlay-basis = The county changes the calendar of { $detail } and names no basis of its own.
problem-catalogue-overlay-basis-hint = Add the announcement to “basis” beside those that stand there. The common calendar was used.
problem-catalogue-overlay-looser = The county is less strict than the rules above it: { $detail }.
problem-catalogue-overlay-looser-hint = Time limits may only be shorter, publicity only longer, disclosure only earlier, wider and more often. This item was not used.
problem-catalogue-overlay-wider = The county shows more of people's data: { $detail }.
problem-catalogue-overlay-wider-hint = A field may only be shown less. This item was not used.
problem-catalogue-overlay-gap = By the county's file no rule is in force on { $detail }.
problem-catalogue-overlay-gap-hint = Add a version for that time. This item was not used.

# The register
problem-database-address = The database address is not understood.
problem-database-address-hint = Give the path of an SQLite file, or an address that begins with postgres://.
problem-database-unreachable = The database cannot be opened: { $detail }
problem-database-unreachable-hint = Check the address, whether the server runs, and whether the database is there.
problem-database-not-empty = The database to restore into is not empty. Nothing was changed.
problem-database-not-empty-hint = Make an empty database, and restore into that.
problem-postgres-tool-missing = The program { $tool } is not on this machine.
problem-postgres-tool-missing-hint = It comes with PostgreSQL: install its client programs, and put them on the path.
problem-login-taken = The name is taken.
problem-login-taken-hint = Choose another name.
problem-place-taken = The place is there already.
problem-place-taken-hint = Check the code.
problem-kinship-with-oneself = Nobody is related to himself.
problem-kinship-with-oneself-hint = Check the two ids.
problem-span-backwards = The end comes before the beginning.
problem-span-backwards-hint = Check the days.
problem-already-there = It is registered already ({ $constraint }).
problem-already-there-hint = Nothing needs to be done.
problem-row-unknown = A person or place is not registered ({ $constraint }).
problem-row-unknown-hint = Register it first.
problem-value-not-allowed = A value is not allowed ({ $constraint }).
problem-value-not-allowed-hint = Check how the code is written.
problem-not-registered = Nothing is registered under { $key } as { $what ->
        [case] publication
        [cause] cause
        [clue] clue
        [dual-check] dual check
        [finding] finding
        [look] request for a look
        [model] model
        [office] office
        [part] part
        [rectification] rectification
        [partner] organ
        [handover] handover
        [letter] recommendation
        [post-duty] duty of a post
        [entry] entry
        [regulation] rule of the office
        [dual-waiver] dual check that does not apply
        [source] channel
        [account] account
        [deadline-rule] time rule
        [document] document
        [inquiry] inquiry
        [step] step
        [report] report
        [duty] disclosure duty
        [duty-of-power] disclosure duty of the power item
        [ground] ground
        [import] import
        [matter] matter
        [notice] notice
        [person] person
        [place] place
        [post] post
        [power] power item
        [preparation] prepared notice
        [profile] field profile
        [question] question
        [relation] relation
        [request] request
        [role] role
        [session] session
        [campaign] campaign
        [cooperation] cooperation
        [key-item] key item
        [measure] measure
        [point] point of the checklist
        [stepped-list] list of a quarter
        [stepped-village] village under stepped-up supervision
        [thing] thing of that place
        *[other] { $what }
    }.
problem-not-registered-hint = Check the number or code.
problem-field-not-public = The field { $field } may not be public under the profile { $profile }.
problem-field-not-public-hint = Leave the field out.
problem-password-short = The password is too short: at least { $least } characters.
problem-password-short-hint = Choose a longer one.
problem-account-locked = The account is locked for a while after wrong passwords.
problem-account-locked-hint = Try again in a quarter of an hour.
problem-entry-not-signed = Entry { $leaf } is in no signed log yet.
problem-entry-not-signed-hint = Run mingbai log checkpoint first.
problem-document-missing = The document is not there.
problem-document-missing-hint = Restore it from a backup.
problem-backup-none = There is no backup here.
problem-backup-none-hint = Check the folder.
problem-backup-changed = A file of the backup is missing or was changed.
problem-backup-changed-hint = Take another backup.
problem-not-in-log = { $number } is not in the public log.
problem-not-in-log-hint = Check the number.
problem-proof-refused = The proof does not hold: { $detail }.
problem-proof-refused-hint = Ask the publisher for the original, or tell the level above.
problem-proof-other-checkpoint = The proof was made for another checkpoint.
problem-proof-other-checkpoint-hint = Use the checkpoint that was fetched with it.
problem-second-factor-none = The account has no second factor.
problem-second-factor-none-hint = Run mingbai user enrol first.
problem-already-decided = This was decided already.
problem-already-decided-hint = Load the page again to see the outcome.
problem-text-has-number = The public text holds { $kind ->
    [id_number] an ID number
    [bank_card] a card number
   *[phone] a telephone number
  }.
problem-text-has-number-hint = Take it out and send the form again: such numbers are not made public.
problem-text-names-person = The public text seems to name somebody of the village: { $name }
problem-text-names-person-hint = Take the name out. If it must be public, confirm it and send the text again; that is recorded.
problem-place-not-closed = This cannot be closed so: a county is never closed, and the day lies between its beginning and today.
problem-place-not-closed-hint = Check the day.
problem-place-in-use = It cannot be closed yet: { $places } places below it and { $posts } posts have not ended.
problem-place-in-use-hint = Close the places below and end the posts first.
