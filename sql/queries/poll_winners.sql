-- Who won? Every poll of a stream, with the option that led and how far it was ahead of the next.
--
-- Parameters
--   stream_id  String  the stream
--
-- Example: param_stream_id=finals
--   | poll_id | question | status | voters | leader | votes | ahead_by |
--   |:-|:-|:-|-:|:-|-:|-:|
--   | mvp | Player of the match? | open | 32 | Ada | 17 | 2 |
WITH
    results AS
    (
        SELECT
            poll_id,
            any(voters) AS poll_voters,
            arraySort(each -> (-each.2, toUInt32OrZero(each.3)), groupArray((text, votes, option_id))) AS ranking
        FROM ovation.poll_results
        WHERE stream_id = {stream_id:String}
        GROUP BY poll_id
    ),
    asked AS
    (
        SELECT poll_id, question, status FROM ovation.polls FINAL WHERE stream_id = {stream_id:String}
    )
SELECT
    poll_id,
    question,
    status,
    poll_voters AS voters,
    ranking[1].1 AS leader,
    ranking[1].2 AS votes,
    toInt64(ranking[1].2) - ranking[2].2 AS ahead_by
FROM results
LEFT JOIN asked USING (poll_id)
ORDER BY poll_id
