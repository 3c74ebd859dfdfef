insert into entries (log, idx, kind, subject, at_ms, actor, role, reason, salt, payload, leaf, leaf_hash) values
  ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
