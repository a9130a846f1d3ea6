-- Who tried to vote, and what became of every vote? One row per poll of the stream: `received` = `counted` + `replaced`
-- + `withdrawn` + `duplicate` + `late` + `invalid` + `ineligible`, and `double_voters` are the viewers of whom a second
-- vote was refused.
--
-- Parameters
--   stream_id  String  the stream
--
-- Example: param_stream_id=finals
--   | poll_id | viewers | received | counted | replaced | withdrawn | duplicate | late | invalid | ineligible | double_voters | most_attempts |
--   |:-|-:|-:|-:|-:|-:|-:|-:|-:|-:|-:|-:|
--   | mvp | 40 | 65 | 32 | 12 | 3 | 7 | 5 | 4 | 2 | 5 | 6 |
SELECT
    poll_id,
    count() AS viewers,
    sum(vote.attempts) AS received,
    countIf(vote.outcome = 'counted') AS counted,
    sum(vote.replaced) AS replaced,
    countIf(vote.outcome = 'withdrawn') AS withdrawn,
    sum(vote.duplicate) AS duplicate,
    sum(vote.late) AS late,
    sum(vote.invalid) AS invalid,
    sum(vote.ineligible) AS ineligible,
    countIf(vote.duplicate > 0) AS double_voters,
    max(vote.attempts) AS most_attempts
FROM ovation.votes AS vote
WHERE stream_id = {stream_id:String}
GROUP BY poll_id
ORDER BY poll_id
