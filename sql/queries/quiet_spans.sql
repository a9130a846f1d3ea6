-- When did the crowd fall silent? Spans between two windows with taps that are longer than so many seconds, the longest
-- first. What is before the first tap and after the last is not one.
--
-- Parameters
--   stream_id  String  the stream
--   longer_s   UInt32  seconds without a tap
--
-- Example: param_stream_id=finals&param_longer_s=30
--   | silent_from | silent_until | seconds |
--   |-:|-:|-:|
--   | 2026-01-10 20:01:56.000 | 2026-01-10 20:03:00.000 | 64 |
WITH tapped AS
(
    SELECT DISTINCT window_start FROM ovation.reactions WHERE stream_id = {stream_id:String}
)
SELECT
    window_start + toIntervalSecond(1) AS silent_from,
    next_start AS silent_until,
    dateDiff('second', silent_from, silent_until) AS seconds
FROM
(
    SELECT
        window_start,
        leadInFrame(window_start) OVER
            (ORDER BY window_start ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS next_start
    FROM tapped
)
WHERE next_start > window_start AND seconds > {longer_s:UInt32}
ORDER BY seconds DESC, silent_from
