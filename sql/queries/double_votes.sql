-- Who tried to vote twice? Viewers by how many further votes of theirs were refused as duplicates, and how long after
-- the first vote the last attempt came.
--
-- Parameters
--   stream_id  String  the stream
--   poll_id    String  the poll
--
-- Example: param_stream_id=finals&param_poll_id=mvp
--   | refused_votes | viewers | refused_in_all | median_s_after_first |
--   |-:|-:|-:|-:|
--   | 1 | 3 | 3 | 35 |
--   | 2 | 2 | 4 | 35 |
SELECT
    duplicate AS refused_votes,
    count() AS viewers,
    refused_votes * viewers AS refused_in_all,
    round(median(dateDiff('millisecond', first_voted_at, last_voted_at)) / 1000, 1) AS median_s_after_first
FROM ovation.votes
WHERE stream_id = {stream_id:String} AND poll_id = {poll_id:String} AND duplicate > 0
GROUP BY refused_votes
ORDER BY refused_votes
