-- How did the result come about? Votes that count by the time when they were cast (for a changed vote: the time of the
-- change), and the sum up to then. One row per step and option; a step in which an option got no vote has none.
--
-- Parameters
--   stream_id  String  the stream
--   poll_id    String  the poll
--   step_s     UInt32  length of a step in seconds
--
-- Example: param_stream_id=finals&param_poll_id=mvp&param_step_s=10
--   | step_start | option_id | votes | votes_so_far |
--   |-:|:-|-:|-:|
--   | 2026-01-10 20:00:00 | 1 | 5 | 5 |
--   | 2026-01-10 20:00:00 | 2 | 10 | 10 |
--   | 2026-01-10 20:00:10 | 1 | 5 | 10 |
--   | 2026-01-10 20:00:10 | 2 | 5 | 15 |
--   | 2026-01-10 20:00:20 | 1 | 4 | 14 |
--   | 2026-01-10 20:00:20 | 3 | 4 | 4 |
--   | 2026-01-10 20:00:30 | 1 | 3 | 17 |
SELECT
    toStartOfInterval(assumeNotNull(counted_at), toIntervalSecond({step_s:UInt32})) AS step_start,
    option_id,
    count() AS votes,
    sum(votes) OVER (PARTITION BY option_id ORDER BY step_start) AS votes_so_far
FROM ovation.votes
ARRAY JOIN choices AS option_id
WHERE stream_id = {stream_id:String} AND poll_id = {poll_id:String} AND outcome = 'counted'
GROUP BY step_start, option_id
ORDER BY step_start, toUInt32OrZero(option_id)
