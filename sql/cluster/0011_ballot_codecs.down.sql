-- Made by `python -m ovation.cluster_sql` from sql/migrations/0011_ballot_codecs.down.sql. Change that, and make this again.

ALTER TABLE ovation.ballots_local ON CLUSTER '{cluster}'
    MODIFY COLUMN voter REMOVE CODEC,
    MODIFY COLUMN receipt REMOVE CODEC;

ALTER TABLE ovation.ballots ON CLUSTER '{cluster}'
    MODIFY COLUMN voter REMOVE CODEC,
    MODIFY COLUMN receipt REMOVE CODEC;
