-- How did the crowd react over the stream? One row per step, quiet steps included.
--
-- Parameters
--   stream_id  String  the stream
--   step_s     UInt32  length of a step in seconds
--
-- Example: param_stream_id=finals&param_step_s=60
--   | step_start | taps | by_emoji |
--   |-:|-:|:-|
--   | 2026-01-10 20:00:00 | 184 | {'👏':98,'🔥':86} |
--   | 2026-01-10 20:01:00 | 348 | {'👏':174,'🔥':174} |
--   | 2026-01-10 20:02:00 | 0 | {} |
--   | 2026-01-10 20:03:00 | 196 | {'👏':100,'🔥':96} |
SELECT
    toStartOfInterval(window_start, toIntervalSecond({step_s:UInt32})) AS step_start,
    sum(reactions) AS taps,
    sumMap(map(emoji, reactions)) AS by_emoji
FROM ovation.reactions
WHERE stream_id = {stream_id:String}
GROUP BY step_start
ORDER BY step_start WITH FILL STEP toIntervalSecond({step_s:UInt32})
