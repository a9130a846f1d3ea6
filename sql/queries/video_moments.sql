-- What were the moments of the video? As `moments`, by where viewers were in the video instead of when they tapped: those
-- who lag react to the same goal a little later, and their taps meet again here. Seconds count from the beginning of the
-- video. Only taps that came with `playback_ms` are in it.
--
-- Parameters
--   stream_id  String   the stream
--   step_s     UInt32   length of a step in seconds
--   score      Float64  how far above the median a moment begins; 5 is rarely chance
--   top        UInt32   how many moments, the highest first
--
-- Example: param_stream_id=finals&param_step_s=5&param_score=3&param_top=3
--   | begins_s | ends_s | moment_taps | peak_s | peak_score | leader |
--   |-:|-:|-:|-:|-:|:-|
--   | 85 | 90 | 95 | 85 | 7.9 | 🔥 |
--   | 95 | 100 | 90 | 95 | 7.4 | 🔥 |
WITH
    steps AS
    (
        SELECT
            at_s,
            sum(emoji_taps) AS step_taps,
            CAST(groupArray((emoji, emoji_taps)), 'Map(String, UInt64)') AS by_emoji
        FROM
        (
            SELECT
                intDiv(playback_ms, 1000 * {step_s:UInt32}) * {step_s:UInt32} AS at_s,
                emoji,
                sum(reactions) AS emoji_taps
            FROM ovation.video_windows FINAL
            WHERE stream_id = {stream_id:String}
            GROUP BY at_s, emoji
        )
        GROUP BY at_s
        ORDER BY at_s WITH FILL STEP {step_s:UInt32}
    ),
    series AS
    (
        SELECT
            groupArray(at_s) AS starts,
            groupArray(step_taps) AS taps,
            groupArray(by_emoji) AS emojis,
            arrayReduce('medianExact', taps) AS median_taps,
            -- A crowd of a few taps a step varies by chance alone (Poisson): never less than that.
            greatest(
                1.4826 * arrayReduce('medianExact', arrayMap(n -> abs(n - median_taps), taps)),
                sqrt(median_taps),
                1
            ) AS deviation,
            -- Number, start, taps and emojis of the steps that stand out.
            arrayFilter(
                (step, n) -> (n - median_taps) / deviation >= {score:Float64},
                arrayZip(arrayEnumerate(taps), starts, taps, emojis),
                taps
            ) AS bursts,
            -- Neighbouring steps are one moment.
            arrayJoin(arraySplit((step, gap) -> gap > 1, bursts, arrayDifference(bursts.1))) AS moment
        FROM steps
    )
SELECT
    moment[1].2 AS begins_s,
    moment[-1].2 + {step_s:UInt32} AS ends_s,
    arraySum(moment.3) AS moment_taps,
    arrayReduce('argMax', moment.2, moment.3) AS peak_s,
    round((arrayMax(moment.3) - median_taps) / deviation, 1) AS peak_score,
    arrayReduce(
        'argMax',
        mapKeys(arrayReduce('sumMap', moment.4)),
        mapValues(arrayReduce('sumMap', moment.4))
    ) AS leader
FROM series
ORDER BY peak_score DESC, begins_s
LIMIT {top:UInt32}
