-- Which emojis did the crowd use? One row per emoji, the most used first.
--
-- Parameters
--   stream_id  String  the stream
--
-- Example: param_stream_id=finals
--   | emoji | taps | percent | first_window | last_window |
--   |:-|-:|-:|-:|-:|
--   | 👏 | 372 | 51.1 | 2026-01-10 20:00:00.000 | 2026-01-10 20:03:55.000 |
--   | 🔥 | 356 | 48.9 | 2026-01-10 20:00:00.000 | 2026-01-10 20:03:55.000 |
SELECT
    emoji,
    sum(reactions) AS taps,
    round(100 * taps / sum(taps) OVER (), 1) AS percent,
    min(window_start) AS first_window,
    max(window_start) AS last_window
FROM ovation.reactions
WHERE stream_id = {stream_id:String}
GROUP BY emoji
ORDER BY taps DESC, emoji
