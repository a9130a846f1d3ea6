-- How did the mood turn? Each emoji's share of the taps of a step, in percent. A step without taps has no row.
--
-- Parameters
--   stream_id  String  the stream
--   step_s     UInt32  length of a step in seconds
--
-- Example: param_stream_id=finals&param_step_s=60
--   | step_start | emoji | taps | percent |
--   |-:|:-|-:|-:|
--   | 2026-01-10 20:00:00 | 👏 | 98 | 53.3 |
--   | 2026-01-10 20:00:00 | 🔥 | 86 | 46.7 |
--   | 2026-01-10 20:01:00 | 👏 | 174 | 50 |
--   | 2026-01-10 20:01:00 | 🔥 | 174 | 50 |
--   | 2026-01-10 20:03:00 | 👏 | 100 | 51 |
--   | 2026-01-10 20:03:00 | 🔥 | 96 | 49 |
SELECT
    toStartOfInterval(window_start, toIntervalSecond({step_s:UInt32})) AS step_start,
    emoji,
    sum(reactions) AS taps,
    round(100 * taps / sum(taps) OVER (PARTITION BY step_start), 1) AS percent
FROM ovation.reactions
WHERE stream_id = {stream_id:String}
GROUP BY step_start, emoji
ORDER BY step_start, taps DESC, emoji
