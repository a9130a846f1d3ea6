-- How did the crowd react to the video? Taps by where in it their viewers were, one row per step, quiet ones between them
-- included; seconds count from its beginning. Only taps that came with `playback_ms` are in it.
--
-- Parameters
--   stream_id  String  the stream
--   since_s    UInt32  first second of the video
--   until_s    UInt32  last second; not part of it
--   step_s     UInt32  length of a step in seconds
--
-- Example: param_stream_id=finals&param_since_s=0&param_until_s=3600&param_step_s=60
--   | at_s | taps | by_emoji |
--   |-:|-:|:-|
--   | 0 | 204 | {'👏':105,'🔥':99} |
--   | 60 | 328 | {'👏':167,'🔥':161} |
--   | 120 | 16 | {'👏':11,'🔥':5} |
--   | 180 | 180 | {'👏':89,'🔥':91} |
SELECT
    intDiv(playback_ms, 1000 * {step_s:UInt32}) * {step_s:UInt32} AS at_s,
    sum(reactions) AS taps,
    sumMap(map(emoji, reactions)) AS by_emoji
FROM ovation.video_reactions
WHERE stream_id = {stream_id:String}
    AND playback_ms >= 1000 * {since_s:UInt32} AND playback_ms < 1000 * toUInt64({until_s:UInt32})
GROUP BY at_s
ORDER BY at_s WITH FILL STEP {step_s:UInt32}
