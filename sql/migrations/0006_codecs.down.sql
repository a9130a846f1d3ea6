ALTER TABLE ovation.reaction_windows
    MODIFY COLUMN window_start CODEC(DoubleDelta, ZSTD(1)),
    MODIFY COLUMN emoji REMOVE CODEC,
    MODIFY COLUMN reactions CODEC(T64, ZSTD(1)),
    MODIFY COLUMN version CODEC(T64, ZSTD(1));
