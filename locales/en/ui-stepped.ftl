# Stepped-up supervision and joint work: states and scores
ui-st-unit-yuan = { $value } yuan
ui-st-unit-yuan-each = { $value } yuan for each resident
ui-st-unit-count = { $value }
ui-st-unit-at-least = { $value } or more
ui-st-unit-none = none
ui-st-unit-expected = worth { $value } that hold
ui-st-unit-yes = yes
ui-st-unit-no = no
ui-st-unit-unknown = not known
ui-st-part = { $factor }: { $value }, { $points } points × { $weight }% = { $adds }
ui-st-state-proposed = waits for a decision
ui-st-state-refused = turned down
ui-st-state-active = under stepped-up supervision
ui-st-state-end-proposed = its end waits for a decision
ui-st-state-longer-proposed = a longer time waits for a decision
ui-st-state-ended = ended
ui-st-list-proposed = proposed
ui-st-list-approved = approved
ui-st-source-payments = payments in the facts
ui-cg-state-proposed = waits for a decision
ui-cg-state-refused = turned down
ui-cg-state-open = under way
ui-cg-state-closed = closed
