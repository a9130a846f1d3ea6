-- Which of two streams did better, minute by minute? Both by the time since they were created, side by side.
--
-- Parameters
--   stream_id  String  the one stream
--   other_id   String  the other
--   step_s     UInt32  length of a step in seconds
--
-- Example: param_stream_id=finals&param_other_id=rehearsal&param_step_s=60
--   | at_s | taps | other_taps | taps_so_far | other_so_far |
--   |-:|-:|-:|-:|-:|
--   | 0 | 184 | 120 | 184 | 120 |
--   | 60 | 348 | 0 | 532 | 120 |
--   | 180 | 196 | 0 | 728 | 120 |
WITH
    began AS
    (
        SELECT stream_id, created_at
        FROM ovation.streams FINAL
        WHERE stream_id IN ({stream_id:String}, {other_id:String})
    ),
    steps AS
    (
        SELECT
            stream_id,
            intDiv(dateDiff('second', created_at, window_start), {step_s:UInt32}) * {step_s:UInt32} AS at_s,
            sum(reactions) AS step_taps
        FROM ovation.reactions
        INNER JOIN began USING (stream_id)
        WHERE stream_id IN ({stream_id:String}, {other_id:String})
        GROUP BY stream_id, at_s
    )
SELECT
    at_s,
    sumIf(step_taps, stream_id = {stream_id:String}) AS taps,
    sumIf(step_taps, stream_id = {other_id:String}) AS other_taps,
    sum(taps) OVER (ORDER BY at_s) AS taps_so_far,
    sum(other_taps) OVER (ORDER BY at_s) AS other_so_far
FROM steps
GROUP BY at_s
ORDER BY at_s
