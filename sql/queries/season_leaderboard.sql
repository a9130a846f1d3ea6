-- Which streams were the season's best? Ranked by taps in a span of whole hours, with their loudest second and how long
-- they were tapped. The ranking reads the sums by hour, a thousandth of the windows; only of those on the board it looks
-- at every window.
--
-- Parameters
--   since  DateTime  start of the span, UTC: a whole hour
--   until  DateTime  end of the span, UTC: a whole hour, not part of it
--   top    UInt32    how many streams
--
-- Example: param_since=2026-01-01 00:00:00&param_until=2026-02-01 00:00:00&param_top=10
--   | place | stream_id | stream_title | taps | loudest_second | seconds |
--   |-:|:-|:-|-:|-:|-:|
--   | 1 | finals | The finals | 728 | 176 | 236 |
--   | 2 | rehearsal | Rehearsal | 120 | 2 | 60 |
WITH
    board AS
    (
        SELECT stream_id, sum(reactions) AS stream_taps
        FROM ovation.reactions_by_hour
        WHERE hour_start >= {since:DateTime('UTC')} AND hour_start < {until:DateTime('UTC')}
        GROUP BY stream_id
        ORDER BY stream_taps DESC, stream_id
        LIMIT {top:UInt32}
    ),
    windows AS
    (
        SELECT stream_id, window_start, sum(reactions) AS window_taps
        FROM ovation.reactions
        WHERE stream_id IN (SELECT stream_id FROM board)
            AND window_start >= {since:DateTime('UTC')} AND window_start < {until:DateTime('UTC')}
        GROUP BY stream_id, window_start
    ),
    course AS
    (
        SELECT
            stream_id,
            max(window_taps) AS loudest_second,
            dateDiff('second', min(window_start), max(window_start)) + 1 AS seconds
        FROM windows
        GROUP BY stream_id
    ),
    title_of AS
    (
        SELECT stream_id, title FROM ovation.streams FINAL WHERE stream_id IN (SELECT stream_id FROM board)
    )
SELECT
    row_number() OVER (ORDER BY stream_taps DESC, stream_id) AS place,
    stream_id,
    title AS stream_title,
    stream_taps AS taps,
    loudest_second,
    seconds
FROM board
LEFT JOIN course USING (stream_id)
LEFT JOIN title_of USING (stream_id)
ORDER BY place
