insert into entry_rows (idx, table_name, row_id, digest) values
  ($1, $2, $3, $4)
