# Power items and their cards
web-powers = What the village office may do
web-powers-intro = What can be applied for, how it is done, how long it takes and what it costs.
web-power-card = Clear card
web-power-who = Who may apply
web-power-conditions = Conditions
web-power-bring = What to bring
web-power-bring-nothing = Nothing.
web-power-fee = Fee
web-power-free = No fee
web-power-promise = Done within
web-power-steps = Step by step
web-power-within = within { $limit }
web-power-complain = If something goes wrong
web-power-complain-text = Ask below the notice concerned, or tell the township discipline committee. It costs nothing and needs no favours.
web-power-risks = What tends to go wrong here
web-power-basis = Basis
web-power-chart = Flow chart
