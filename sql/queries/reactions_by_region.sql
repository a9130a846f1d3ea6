-- Where did the taps come from? One row per region of gateways, with what was tapped most there.
--
-- Parameters
--   stream_id  String  the stream
--
-- Example: param_stream_id=finals
--   | region | taps | percent | leader |
--   |:-|-:|-:|:-|
--   | eu | 364 | 50 | 👏 |
--   | us | 364 | 50 | 👏 |
WITH by_emoji AS
(
    SELECT region, emoji, sum(reactions) AS emoji_taps
    FROM ovation.reactions
    WHERE stream_id = {stream_id:String}
    GROUP BY region, emoji
)
SELECT
    region,
    sum(emoji_taps) AS taps,
    round(100 * taps / sum(taps) OVER (), 1) AS percent,
    argMax(emoji, (emoji_taps, emoji)) AS leader
FROM by_emoji
GROUP BY region
ORDER BY taps DESC, region
