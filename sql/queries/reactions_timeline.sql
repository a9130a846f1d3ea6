-- How did the crowd react over the stream, or a part of it? One row per step, quiet ones between them included.
--
-- Parameters
--   stream_id  String         the stream
--   since      DateTime64(3)  start of the part, UTC
--   until      DateTime64(3)  end of the part, UTC; not part of it
--   step_s     UInt32         length of a step in seconds
--
-- Example: param_stream_id=finals&param_since=2026-01-10 20:00:00&param_until=2026-01-11 00:00:00&param_step_s=60
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
-- What the view `reactions` reads; a plan through the view takes longer.
FROM ovation.reaction_windows FINAL
WHERE stream_id = {stream_id:String}
    AND window_start >= {since:DateTime64(3, 'UTC')} AND window_start < {until:DateTime64(3, 'UTC')}
GROUP BY step_start
ORDER BY step_start WITH FILL STEP toIntervalSecond({step_s:UInt32})
