-- Made by `python -m ovation.cluster_sql` from sql/migrations/0006_codecs.up.sql. Change that, and make this again.

-- Windows in fewer bytes: 1.3 each instead of 2.3, of a season of two million (`bench/history.py`). Starts are whole
-- seconds in a column of milliseconds, which GCD takes out before the difference; emojis come in the same order every
-- second, and counts are small, which ZSTD alone sees better than behind T64. Parts change when they are merged.

ALTER TABLE ovation.reaction_windows_local ON CLUSTER '{cluster}'
    MODIFY COLUMN window_start CODEC(GCD, Delta(8), ZSTD(3)),
    MODIFY COLUMN emoji CODEC(ZSTD(3)),
    MODIFY COLUMN reactions CODEC(ZSTD(3)),
    MODIFY COLUMN version CODEC(ZSTD(3));

ALTER TABLE ovation.reaction_windows ON CLUSTER '{cluster}'
    MODIFY COLUMN window_start CODEC(GCD, Delta(8), ZSTD(3)),
    MODIFY COLUMN emoji CODEC(ZSTD(3)),
    MODIFY COLUMN reactions CODEC(ZSTD(3)),
    MODIFY COLUMN version CODEC(ZSTD(3));
