# Refusals of the register
rule-notice-not-checked = { $duty } must be checked by the supervision committee before it is published, and it was not.
rule-post-not-held = The actor does not hold the post { $role } here on that day.
rule-recused = Who acts as { $role } must stay out: { $ground }.
rule-deny-another = Only who did it can enter it.
rule-second-person = Above the set amount somebody other than the uploader must accept it.
rule-notice-three-people = Preparing, checking and publishing take three people; you have done one of these.
rule-preparation-state = This notice { $state ->
    [waiting] has not been checked by the supervision committee
    [agreed] was checked already
    [objected] was objected to by the supervision committee
    [published] is public already
   *[other] was given up
  }; that cannot be done now.
rule-order-needless = This period was published (notice { $number }); nothing is to be made up.
rule-order-twice = An order for this period is open already ({ $number }).
rule-administrator-apart = Whoever is { $role } holds no business role, and this person is or would be { $other }.
rule-own-rights = Nobody gives rights to himself, nor to another account of his.
