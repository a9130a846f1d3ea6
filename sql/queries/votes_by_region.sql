-- By which regions did a poll's votes come? One row per region of gateways: the votes that it took, how many viewers cast
-- them, and how many of those voted in another region as well. Votes from before there were regions are in no row.
--
-- Parameters
--   stream_id  String  the stream
--   poll_id    String  the poll
--
-- Example: param_stream_id=finals&param_poll_id=mvp
--   | region | received | viewers | also_elsewhere |
--   |:-|-:|-:|-:|
--   | eu | 55 | 37 | 5 |
--   | us | 10 | 8 | 5 |
SELECT
    region,
    sum(tries) AS received,
    count() AS viewers,
    countIf(length(attempts_in) > 1) AS also_elsewhere
FROM ovation.votes
ARRAY JOIN mapKeys(attempts_in) AS region, mapValues(attempts_in) AS tries
WHERE stream_id = {stream_id:String} AND poll_id = {poll_id:String}
GROUP BY region
ORDER BY received DESC, region
