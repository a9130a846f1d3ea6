-- How did a poll end? One row per option, options without votes included. With several choices per ballot the shares
-- add up to more than 100.
--
-- Parameters
--   stream_id  String  the stream
--   poll_id    String  the poll
--
-- Example: param_stream_id=finals&param_poll_id=mvp
--   | option_id | text | votes | percent_of_voters | voters |
--   |:-|:-|-:|-:|-:|
--   | 1 | Ada | 17 | 53.1 | 32 |
--   | 2 | Grace | 15 | 46.9 | 32 |
--   | 3 | Hedy | 4 | 12.5 | 32 |
--   | 4 | Nobody | 0 | 0 | 32 |
SELECT option_id, text, votes, round(100 * share, 1) AS percent_of_voters, voters
FROM ovation.poll_results
WHERE stream_id = {stream_id:String} AND poll_id = {poll_id:String}
ORDER BY votes DESC, toUInt32OrZero(option_id)
