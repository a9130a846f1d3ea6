-- How fast did people vote? Seconds from the poll's opening to the first vote of each viewer, as quantiles, by option.
-- A ballot with several options counts in each.
--
-- Parameters
--   stream_id  String  the stream
--   poll_id    String  the poll
--
-- Example: param_stream_id=finals&param_poll_id=mvp
--   | option_id | votes | p10_p50_p90_p99_s |
--   |:-|-:|:-|
--   | 1 | 17 | [2,10,22,23] |
--   | 2 | 15 | [3,8,17,19] |
--   | 3 | 4 | [20,22,23,23] |
WITH opened AS
(
    SELECT coalesce(opened_at, opens_at, created_at) AS at
    FROM ovation.polls FINAL
    WHERE stream_id = {stream_id:String} AND poll_id = {poll_id:String}
)
SELECT
    option_id,
    count() AS votes,
    quantilesExact(0.1, 0.5, 0.9, 0.99)(dateDiff('millisecond', (SELECT at FROM opened), first_voted_at) / 1000) AS
        p10_p50_p90_p99_s
FROM ovation.votes
ARRAY JOIN choices AS option_id
WHERE stream_id = {stream_id:String} AND poll_id = {poll_id:String} AND outcome = 'counted'
GROUP BY option_id
ORDER BY toUInt32OrZero(option_id)
