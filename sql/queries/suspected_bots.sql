-- Were there bots? Seconds in which far more first votes came than in the poll's usual second with votes, nearly all
-- for one option: what a script does, and a goal does too, so look at the video before you judge. `times_usual` is
-- against the median, and `percent_alike` the share of the option that led.
--
-- Parameters
--   stream_id    String   the stream
--   poll_id      String   the poll
--   times_usual  Float64  how many times the median
--   alike        Float64  the share in percent from which votes are alike
--
-- Example: param_stream_id=finals&param_poll_id=mvp&param_times_usual=1.5&param_alike=60
--   | second | votes | times_usual | led | percent_alike |
--   |-:|-:|-:|:-|-:|
--   | 2026-01-10 20:00:08.000 | 3 | 3 | ['1'] | 66.7 |
--   | 2026-01-10 20:00:09.000 | 3 | 3 | ['2'] | 66.7 |
--   | 2026-01-10 20:00:05.000 | 2 | 2 | ['2'] | 100 |
--   | 2026-01-10 20:00:07.000 | 2 | 2 | ['2'] | 100 |
--   | 2026-01-10 20:00:10.000 | 2 | 2 | ['1'] | 100 |
WITH
    by_option AS
    (
        SELECT toStartOfSecond(first_voted_at) AS second, choices, count() AS option_votes
        FROM ovation.votes
        WHERE stream_id = {stream_id:String} AND poll_id = {poll_id:String} AND outcome = 'counted'
        GROUP BY second, choices
    ),
    seconds AS
    (
        SELECT
            second,
            sum(option_votes) AS votes,
            argMax(choices, (option_votes, choices)) AS led,
            round(100 * max(option_votes) / votes, 1) AS percent_alike
        FROM by_option
        GROUP BY second
    )
SELECT
    second,
    votes,
    round(votes / (SELECT medianExact(votes) FROM seconds), 1) AS times_usual,
    led,
    percent_alike
FROM seconds
WHERE times_usual >= {times_usual:Float64} AND percent_alike >= {alike:Float64}
ORDER BY times_usual DESC, second
