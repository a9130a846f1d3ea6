-- Did the end decide? The result as it would have been so many seconds before the poll's last vote, beside the result.
-- Only votes that count in the end are looked at.
--
-- Parameters
--   stream_id  String  the stream
--   poll_id    String  the poll
--   last_s     UInt32  seconds before the last vote
--
-- Example: param_stream_id=finals&param_poll_id=mvp&param_last_s=10
--   | option_id | votes_before | votes | place_before | place |
--   |:-|-:|-:|-:|-:|
--   | 1 | 13 | 17 | 2 | 1 |
--   | 2 | 15 | 15 | 1 | 2 |
--   | 3 | 3 | 4 | 3 | 3 |
WITH
    cast AS
    (
        SELECT assumeNotNull(counted_at) AS at, option_id
        FROM ovation.votes
        ARRAY JOIN choices AS option_id
        WHERE stream_id = {stream_id:String} AND poll_id = {poll_id:String} AND outcome = 'counted'
    )
SELECT
    option_id,
    countIf(at <= (SELECT max(at) FROM cast) - toIntervalSecond({last_s:UInt32})) AS votes_before,
    count() AS votes,
    rank() OVER (ORDER BY votes_before DESC) AS place_before,
    rank() OVER (ORDER BY votes DESC) AS place
FROM cast
GROUP BY option_id
ORDER BY place, toUInt32OrZero(option_id)
