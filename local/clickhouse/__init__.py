"""The ClickHouse engine of `chdb` behind ClickHouse's HTTP interface, so that its clients talk to it as to a server.

One process owns one data folder. Queries, settings, parameters, formats, errors and headers follow
https://clickhouse.com/docs/interfaces/http; every request has an engine connection of its own, so a setting or a
database named by one request is unknown to the next.

What a server has and this has not:

- Users. Any name and password is taken; that is why it listens on loopback and refuses requests of foreign web pages.
  Only `ovation_reader` is known, and can only read: what else it sends is refused with READONLY.
- Sessions. `session_id` is accepted and ignored: SET, USE and temporary tables end with their request.
- ClickHouse's own block compression (`compress=1`, `decompress=1`), external tables, and `INSERT … SELECT … FROM
  input()` are refused with NOT_IMPLEMENTED. HTTP compression (gzip, deflate, lz4, zstd) works both ways.
- A body, and the answer to what is no SELECT, are held in memory as a whole: the body up to `MAX_BODY_BYTES`, the
  answer up to `DEFAULT_SETTINGS["max_result_bytes"]` unless the request says otherwise. A SELECT's answer longer than
  `HELD_BYTES` leaves as the engine writes it, without HTTP compression, and breaks off without a word if it fails then.
- Progress headers, `query_log` and other log tables, replication, and the native protocol on port 9000.

What an answered INSERT promises: its part is written and in place, and survives `kill -9` of this process. As with
ClickHouse's defaults (`fsync_after_insert = 0`) the operating system may still hold it in memory, so a power cut can
lose the last seconds. A table that must not lose them says `SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`.
"""
