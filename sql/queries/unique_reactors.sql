-- How many viewers reacted at all? Approximate: the history names a sample of them (table reactor_samples), and says how
-- far off that may be. `viewers` is exact where `error` is 0; else the truth is within one `error` of it two times in three,
-- and within two 19 times in 20.
--
-- Parameters
--   stream_id  String    the stream
--   since      DateTime  start of the part, UTC: a whole minute
--   until      DateTime  end of the part, UTC; not part of it
--
-- Example: param_stream_id=finals&param_since=2026-01-10 20:00:00&param_until=2026-01-10 20:04:00
--   | sampled | viewers | error |
--   |-:|-:|-:|
--   | 175 | 350 | 18.7 |
WITH
    named AS
    (
        SELECT reactor, level
        FROM ovation.reactor_samples
        WHERE stream_id = {stream_id:String}
            AND minute_start >= {since:DateTime('UTC')} AND minute_start < {until:DateTime('UTC')}
    ),
    -- Where the most were left out: of every minute, only those who would be in the sample there are comparable.
    (SELECT max(level) FROM named) AS common_level
SELECT
    uniqExact(reactor) AS sampled,
    sampled * exp2(common_level) AS viewers,
    if(sampled = 0, 0, round(viewers * sqrt((1 - exp2(-common_level)) / sampled), 1)) AS error
FROM named
WHERE reactor < bitShiftLeft(toUInt64(1), 52 - common_level)
