-- Made by `python -m ovation.cluster_sql` from sql/migrations/0004_poll_results.up.sql. Change that, and make this again.

-- The result of every poll. An option is listed when the poll is known (0 votes included) or when a ballot chose it (so
-- a result is whole even before the poll's texts arrive).

CREATE VIEW IF NOT EXISTS ovation.poll_results_local ON CLUSTER '{cluster}'
AS
WITH
    listed AS
    (
        SELECT stream_id, poll_id, option_id, text, 0 AS votes
        FROM ovation.polls_local FINAL
        ARRAY JOIN option_ids AS option_id, option_texts AS text
    ),
    chosen AS
    (
        SELECT stream_id, poll_id, option_id, '' AS text, 1 AS votes
        FROM ovation.votes_local
        ARRAY JOIN choices AS option_id
        WHERE outcome = 'counted'
    ),
    options AS
    (
        SELECT stream_id, poll_id, option_id, max(text) AS text, sum(votes) AS votes
        FROM (SELECT * FROM listed UNION ALL SELECT * FROM chosen)
        GROUP BY stream_id, poll_id, option_id
    ),
    turnout AS
    (
        SELECT stream_id, poll_id, countIf(outcome = 'counted') AS voters
        FROM ovation.votes_local
        GROUP BY stream_id, poll_id
    )
SELECT stream_id, poll_id, option_id, text, votes, voters, if(voters = 0, 0, votes / voters) AS share
FROM options
LEFT JOIN turnout USING (stream_id, poll_id)
COMMENT 'Results: one row per stream, poll and option; voters is of the whole poll, share is votes / voters';

CREATE TABLE IF NOT EXISTS ovation.poll_results ON CLUSTER '{cluster}' AS ovation.poll_results_local
ENGINE = Distributed('{cluster}', 'ovation', 'poll_results_local', cityHash64(stream_id))
COMMENT 'Results: one row per stream, poll and option; voters is of the whole poll, share is votes / voters';
