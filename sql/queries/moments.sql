-- What were the moments? Bursts of reactions against the stream's own baseline: steps whose taps are at least `score`
-- robust deviations above the median, neighbouring ones joined. A score is (taps - median) / (1.4826 x MAD), with the
-- median absolute deviation over all steps, quiet ones between them included; it is that of a normal distribution's
-- standard deviation, and a burst does not move it. `at_s` is the time in the video, if that began at `since`.
-- `video_moments` goes by what viewers' players said instead.
--
-- Parameters
--   stream_id  String         the stream
--   since      DateTime64(3)  when it began, UTC
--   until      DateTime64(3)  when it ended, UTC; not part of it
--   step_s     UInt32         length of a step in seconds
--   score      Float64        how far above the median a moment begins; 5 is rarely chance
--   top        UInt32         how many moments, the highest first
--
-- Example: param_stream_id=finals&param_since=2026-01-10 20:00:00&param_until=2026-01-11 00:00:00&param_step_s=5&param_score=3&param_top=3
--   | begins | ends | at_s | moment_taps | peak | peak_score | leader |
--   |-:|-:|-:|-:|-:|-:|:-|
--   | 2026-01-10 20:01:35 | 2026-01-10 20:01:40 | 95 | 176 | 2026-01-10 20:01:35 | 13.7 | 🔥 |
WITH
    steps AS
    (
        SELECT
            step_start,
            sum(emoji_taps) AS step_taps,
            CAST(groupArray((emoji, emoji_taps)), 'Map(String, UInt64)') AS by_emoji
        FROM
        (
            SELECT
                toStartOfInterval(window_start, toIntervalSecond({step_s:UInt32})) AS step_start,
                emoji,
                sum(reactions) AS emoji_taps
            -- What the view `reactions` reads; a plan through the view takes a quarter longer.
            FROM ovation.reaction_windows FINAL
            WHERE stream_id = {stream_id:String}
                AND window_start >= {since:DateTime64(3, 'UTC')} AND window_start < {until:DateTime64(3, 'UTC')}
            GROUP BY step_start, emoji
        )
        GROUP BY step_start
        ORDER BY step_start WITH FILL STEP toIntervalSecond({step_s:UInt32})
    ),
    series AS
    (
        SELECT
            groupArray(step_start) AS starts,
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
    moment[1].2 AS begins,
    moment[-1].2 + toIntervalSecond({step_s:UInt32}) AS ends,
    toInt64(toUnixTimestamp(begins)) - toInt64(toUnixTimestamp({since:DateTime64(3, 'UTC')})) AS at_s,
    arraySum(moment.3) AS moment_taps,
    arrayReduce('argMax', moment.2, moment.3) AS peak,
    round((arrayMax(moment.3) - median_taps) / deviation, 1) AS peak_score,
    arrayReduce(
        'argMax',
        mapKeys(arrayReduce('sumMap', moment.4)),
        mapValues(arrayReduce('sumMap', moment.4))
    ) AS leader
FROM series
ORDER BY peak_score DESC, begins
LIMIT {top:UInt32}
