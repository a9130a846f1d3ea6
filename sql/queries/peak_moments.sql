-- When was the crowd loudest? The busiest steps of a stream, with the emoji that led each of them.
--
-- Parameters
--   stream_id  String  the stream
--   step_s     UInt32  length of a moment in seconds
--   top        UInt32  how many moments
--
-- Example: param_stream_id=finals&param_step_s=10&param_top=3
--   | moment | taps | leader | leader_taps |
--   |-:|-:|:-|-:|
--   | 2026-01-10 20:01:30 | 198 | 🔥 | 102 |
--   | 2026-01-10 20:01:00 | 40 | 🔥 | 26 |
--   | 2026-01-10 20:03:20 | 40 | 🔥 | 26 |
WITH by_emoji AS
(
    SELECT
        toStartOfInterval(window_start, toIntervalSecond({step_s:UInt32})) AS moment,
        emoji,
        sum(reactions) AS emoji_taps
    FROM ovation.reactions
    WHERE stream_id = {stream_id:String}
    GROUP BY moment, emoji
)
SELECT
    moment,
    sum(emoji_taps) AS taps,
    argMax(emoji, (emoji_taps, emoji)) AS leader,
    max(emoji_taps) AS leader_taps
FROM by_emoji
GROUP BY moment
ORDER BY taps DESC, moment
LIMIT {top:UInt32}
