-- Who came back? For every minute after a stream's first, how many of those who reacted in the first `cohort` minutes
-- reacted again, and how many were new. Approximate, from the same sample as `unique_reactors`: `share` is off by
-- `share_error`, one standard deviation.
--
-- Parameters
--   stream_id  String    the stream
--   since      DateTime  its first minute, UTC
--   until      DateTime  its end, UTC
--   cohort     UInt32    minutes that make the first ones
--
-- Example: param_stream_id=finals&param_since=2026-01-10 20:00:00&param_until=2026-01-10 20:04:00&param_cohort=1
--   | minute_start | viewers | came_back | new_viewers | share | share_error |
--   |-:|-:|-:|-:|-:|-:|
--   | 2026-01-10 20:01:00 | 200 | 150 | 50 | 0.5 | 0.0289 |
--   | 2026-01-10 20:03:00 | 10 | 10 | 0 | 0.0333 | 0.0104 |
WITH
    named AS
    (
        SELECT minute_start, reactor, level
        FROM ovation.reactor_samples
        WHERE stream_id = {stream_id:String}
            AND minute_start >= {since:DateTime('UTC')} AND minute_start < {until:DateTime('UTC')}
    ),
    (SELECT max(level) FROM named) AS common_level,
    sampled AS
    (
        SELECT DISTINCT minute_start, reactor
        FROM named
        WHERE reactor < bitShiftLeft(toUInt64(1), 52 - common_level)
    ),
    firsts AS
    (
        SELECT reactor, min(minute_start) AS first_minute FROM sampled GROUP BY reactor
    ),
    {since:DateTime('UTC')} + toIntervalMinute({cohort:UInt32}) AS cohort_end,
    (SELECT countIf(first_minute < cohort_end) FROM firsts) AS cohort_size
SELECT
    minute_start,
    count() * exp2(common_level) AS viewers,
    countIf(first_minute < cohort_end) * exp2(common_level) AS came_back,
    countIf(first_minute = minute_start) * exp2(common_level) AS new_viewers,
    if(cohort_size = 0, 0, round(countIf(first_minute < cohort_end) / cohort_size, 4)) AS share,
    -- Of a crowd that is known whole there is no doubt.
    if(cohort_size = 0, 0, round(sqrt((1 - exp2(-common_level)) * share * (1 - share) / cohort_size), 4)) AS share_error
FROM sampled
INNER JOIN firsts USING (reactor)
WHERE minute_start >= cohort_end
GROUP BY minute_start
ORDER BY minute_start
