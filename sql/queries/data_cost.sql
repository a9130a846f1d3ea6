-- What does the data cost? Bytes on disk of every table, and by column of one.
--
-- Parameters
--   table_name  String  the table whose columns are shown as well
--
-- Example: param_table_name=reaction_windows
--   | table | column | stored_rows | bytes | bytes_per_row |
--   |:-|:-|-:|-:|-:|
--   | schema_migrations |  | 5 | 2095 | 419 |
--   | ballots |  | 120 | 9920 | 82.67 |
--   | reaction_windows |  | 612 | 3513 | 5.74 |
--   | streams |  | 6 | 2999 | 499.83 |
--   | polls |  | 3 | 5384 | 1794.67 |
--   | reaction_windows | reactions | 612 | 0 | 0 |
--   | reaction_windows | version | 612 | 0 | 0 |
--   | reaction_windows | stream_id | 612 | 0 | 0 |
--   | reaction_windows | region | 612 | 0 | 0 |
--   | reaction_windows | window_start | 612 | 0 | 0 |
--   | reaction_windows | emoji | 612 | 0 | 0 |
SELECT
    table,
    '' AS column,
    sum(rows) AS stored_rows,
    sum(bytes_on_disk) AS bytes,
    round(bytes / stored_rows, 2) AS bytes_per_row
FROM system.parts
WHERE database = 'ovation' AND active
GROUP BY table
UNION ALL
SELECT
    table,
    column,
    sum(rows) AS stored_rows,
    sum(column_data_compressed_bytes) AS bytes,
    round(bytes / stored_rows, 2) AS bytes_per_row
FROM system.parts_columns
WHERE database = 'ovation' AND active AND table = {table_name:String}
GROUP BY table, column
ORDER BY column != '', bytes DESC
