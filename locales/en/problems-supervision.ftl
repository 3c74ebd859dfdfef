# Problems of the command line of supervision
problem-code-unknown = There is no code “{ $code }”.
problem-code-unknown-hint = See --help for the codes.
problem-person-not-one = { $count } people fit; it has to be one.
problem-person-not-one-hint = Write the id of the person.
