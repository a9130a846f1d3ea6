-- Was the crowd pleased? The share of approving taps among those that are either, by what you say each emoji means.
-- Other emojis are neutral. A step without either has no share.
--
-- Parameters
--   stream_id  String         the stream
--   step_s     UInt32         length of a step in seconds
--   positive   Array(String)  emojis that approve
--   negative   Array(String)  emojis that disapprove
--
-- Example: param_stream_id=finals&param_step_s=60&param_positive=['👏']&param_negative=['🔥']
--   | step_start | approving | disapproving | neutral | percent_approving |
--   |-:|-:|-:|-:|-:|
--   | 2026-01-10 20:00:00 | 98 | 86 | 0 | 53.3 |
--   | 2026-01-10 20:01:00 | 174 | 174 | 0 | 50 |
--   | 2026-01-10 20:03:00 | 100 | 96 | 0 | 51 |
SELECT
    toStartOfInterval(window_start, toIntervalSecond({step_s:UInt32})) AS step_start,
    sumIf(reactions, has({positive:Array(String)}, emoji)) AS approving,
    sumIf(reactions, has({negative:Array(String)}, emoji)) AS disapproving,
    sum(reactions) - approving - disapproving AS neutral,
    if(approving + disapproving = 0, NULL, round(100 * approving / (approving + disapproving), 1)) AS percent_approving
FROM ovation.reactions
WHERE stream_id = {stream_id:String}
GROUP BY step_start
ORDER BY step_start
