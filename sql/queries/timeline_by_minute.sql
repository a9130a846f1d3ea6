-- How did the crowd react over the stream, or a part of it? As `reactions_timeline`, for steps of whole minutes: from the
-- sums by minute, a sixtieth of the windows.
--
-- Parameters
--   stream_id  String         the stream
--   since      DateTime64(3)  start of the part, UTC: a whole minute
--   until      DateTime64(3)  end of the part, UTC; not part of it
--   step_s     UInt32         length of a step in seconds: a multiple of 60
--
-- Example: param_stream_id=finals&param_since=2026-01-10 20:00:00&param_until=2026-01-11 00:00:00&param_step_s=60
--   | step_start | taps | by_emoji |
--   |-:|-:|:-|
--   | 2026-01-10 20:00:00 | 184 | {'👏':98,'🔥':86} |
--   | 2026-01-10 20:01:00 | 348 | {'👏':174,'🔥':174} |
--   | 2026-01-10 20:02:00 | 0 | {} |
--   | 2026-01-10 20:03:00 | 196 | {'👏':100,'🔥':96} |
SELECT
    toStartOfInterval(minute_start, toIntervalSecond({step_s:UInt32})) AS step_start,
    sum(reactions) AS taps,
    sumMap(map(emoji, reactions)) AS by_emoji
FROM ovation.reactions_by_minute
WHERE stream_id = {stream_id:String}
    AND minute_start >= {since:DateTime64(3, 'UTC')} AND minute_start < {until:DateTime64(3, 'UTC')}
GROUP BY step_start
ORDER BY step_start WITH FILL STEP toIntervalSecond({step_s:UInt32})
