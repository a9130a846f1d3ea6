-- Made by `python -m ovation.cluster_sql` from sql/migrations/0006_codecs.down.sql. Change that, and make this again.

ALTER TABLE ovation.reaction_windows_local ON CLUSTER '{cluster}'
    MODIFY COLUMN window_start CODEC(DoubleDelta, ZSTD(1)),
    MODIFY COLUMN emoji REMOVE CODEC,
    MODIFY COLUMN reactions CODEC(T64, ZSTD(1)),
    MODIFY COLUMN version CODEC(T64, ZSTD(1));

ALTER TABLE ovation.reaction_windows ON CLUSTER '{cluster}'
    MODIFY COLUMN window_start CODEC(DoubleDelta, ZSTD(1)),
    MODIFY COLUMN emoji REMOVE CODEC,
    MODIFY COLUMN reactions CODEC(T64, ZSTD(1)),
    MODIFY COLUMN version CODEC(T64, ZSTD(1));
