-- Which streams were the season's best? Ranked by taps in a span of time, with their loudest second and how long they
-- were tapped.
--
-- Parameters
--   since  DateTime  start of the span, UTC
--   until  DateTime  end of the span, UTC; not part of it
--   top    UInt32    how many streams
--
-- Example: param_since=2026-01-01 00:00:00&param_until=2026-02-01 00:00:00&param_top=10
--   | place | stream_id | stream_title | taps | loudest_second | seconds |
--   |-:|:-|:-|-:|-:|-:|
--   | 1 | finals | The finals | 728 | 176 | 236 |
--   | 2 | rehearsal | Rehearsal | 120 | 2 | 60 |
WITH
    windows AS
    (
        SELECT stream_id, window_start, sum(reactions) AS window_taps
        FROM ovation.reactions
        WHERE window_start >= {since:DateTime('UTC')} AND window_start < {until:DateTime('UTC')}
        GROUP BY stream_id, window_start
    ),
    title_of AS
    (
        SELECT stream_id, title FROM ovation.streams FINAL
    )
SELECT
    row_number() OVER (ORDER BY sum(window_taps) DESC, stream_id) AS place,
    stream_id,
    any(title) AS stream_title,
    sum(window_taps) AS taps,
    max(window_taps) AS loudest_second,
    dateDiff('second', min(window_start), max(window_start)) + 1 AS seconds
FROM windows
LEFT JOIN title_of USING (stream_id)
GROUP BY stream_id
ORDER BY place
LIMIT {top:UInt32}
