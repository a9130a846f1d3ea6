-- Made by `python -m ovation.cluster_sql` from sql/migrations/0011_ballot_codecs.up.sql. Change that, and make this again.

-- Ballots in fewer bytes: 33 each instead of 47. A voter is a hash and half of a receipt is chance, in letters that say six
-- and five bits each: LZ4, the default, finds nothing that repeats, while ZSTD also codes the letters in as many bits. Parts
-- change when they are merged.

ALTER TABLE ovation.ballots_local ON CLUSTER '{cluster}'
    MODIFY COLUMN voter CODEC(ZSTD(1)),
    MODIFY COLUMN receipt CODEC(ZSTD(1));

ALTER TABLE ovation.ballots ON CLUSTER '{cluster}'
    MODIFY COLUMN voter CODEC(ZSTD(1)),
    MODIFY COLUMN receipt CODEC(ZSTD(1));
