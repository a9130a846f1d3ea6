-- Which streams moved the crowd most in a span of time? Taps in it, and ballots first cast in it.
--
-- Parameters
--   since  DateTime  start of the span, UTC
--   until  DateTime  end of the span, UTC; not part of it
--   top    UInt32    how many streams
--
-- Example: param_since=2026-01-10 00:00:00&param_until=2026-01-11 00:00:00&param_top=2
--   | stream_id | title | taps | ballots |
--   |:-|:-|-:|-:|
--   | finals | The finals | 728 | 32 |
--   | rehearsal | Rehearsal | 120 | 0 |
WITH
    taps_of AS
    (
        SELECT stream_id, sum(reactions) AS taps
        FROM ovation.reactions
        WHERE window_start >= {since:DateTime('UTC')} AND window_start < {until:DateTime('UTC')}
        GROUP BY stream_id
    ),
    ballots_of AS
    (
        SELECT stream_id, count() AS ballots
        FROM ovation.votes
        WHERE first_voted_at >= {since:DateTime('UTC')} AND first_voted_at < {until:DateTime('UTC')}
            AND outcome = 'counted'
        GROUP BY stream_id
    ),
    title_of AS
    (
        SELECT stream_id, title FROM ovation.streams FINAL
    )
SELECT stream_id, title, taps, ballots
FROM taps_of
FULL JOIN ballots_of USING (stream_id)
LEFT JOIN title_of USING (stream_id)
ORDER BY taps DESC, ballots DESC, stream_id
LIMIT {top:UInt32}
