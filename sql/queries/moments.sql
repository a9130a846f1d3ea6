-- What were the moments? Bursts of reactions against the stream's own baseline: steps whose taps are at least `score`
-- robust deviations above the median, neighbouring ones joined. A score is (taps - median) / (1.4826 x MAD), with the
-- median absolute deviation over all steps, quiet ones included; it is that of a normal distribution's standard
-- deviation, and a burst does not move it. `at_s` is the time in the video if it began when the stream was created.
--
-- Parameters
--   stream_id  String   the stream
--   step_s     UInt32   length of a step in seconds
--   score      Float64  how far above the median a moment begins; 5 is rarely chance
--   top        UInt32   how many moments, the highest first
--
-- Example: param_stream_id=finals&param_step_s=5&param_score=3&param_top=3
--   | begins | ends | at_s | moment_taps | peak | peak_score | leader |
--   |-:|-:|-:|-:|-:|-:|:-|
--   | 2026-01-10 20:01:35 | 2026-01-10 20:01:40 | 95 | 176 | 2026-01-10 20:01:35 | 13.7 | 🔥 |
WITH
    steps AS
    (
        SELECT
            toStartOfInterval(window_start, toIntervalSecond({step_s:UInt32})) AS step_start,
            sum(reactions) AS taps,
            sumMap(map(emoji, reactions)) AS by_emoji
        FROM ovation.reactions
        WHERE stream_id = {stream_id:String}
        GROUP BY step_start
        ORDER BY step_start WITH FILL STEP toIntervalSecond({step_s:UInt32})
    ),
    baseline AS
    (
        SELECT
            groupArray(toFloat64(taps)) AS all_taps,
            arrayReduce('medianExact', all_taps) AS median_taps,
            -- A crowd of a few taps a step varies by chance alone (Poisson): never less than that.
            greatest(
                1.4826 * arrayReduce('medianExact', arrayMap(x -> abs(x - median_taps), all_taps)),
                sqrt(median_taps),
                1
            ) AS deviation
        FROM steps
    ),
    bursts AS
    (
        SELECT
            step_start,
            taps,
            by_emoji,
            (taps - median_taps) / deviation AS score,
            -- Neighbours count up alike, so their difference is one number for each moment.
            toUnixTimestamp(step_start) - {step_s:UInt32} * row_number() OVER (ORDER BY step_start) AS moment
        FROM steps
        CROSS JOIN baseline
        WHERE score >= {score:Float64}
    ),
    began AS
    (
        SELECT created_at FROM ovation.streams FINAL WHERE stream_id = {stream_id:String}
    )
SELECT
    min(step_start) AS begins,
    max(step_start) + toIntervalSecond({step_s:UInt32}) AS ends,
    toInt64(toUnixTimestamp(begins)) - toUnixTimestamp((SELECT created_at FROM began)) AS at_s,
    sum(taps) AS moment_taps,
    argMax(step_start, taps) AS peak,
    round(max(score), 1) AS peak_score,
    arraySort(pair -> (-pair.2, pair.1), CAST(sumMap(by_emoji), 'Array(Tuple(String, UInt64))'))[1].1 AS leader
FROM bursts
GROUP BY moment
ORDER BY peak_score DESC, begins
LIMIT {top:UInt32}
