-- Made by `python -m ovation.cluster_sql` from sql/migrations/0012_ballots_by_region.up.sql. Change that, and make this again.

-- Which regions took a voter's votes. A region that compares what it has of another with what that one acknowledged needs
-- no more than this; and a tally that is written again from here says how far it has come with each region.

ALTER TABLE ovation.ballots_local ON CLUSTER '{cluster}'
    ADD COLUMN IF NOT EXISTS attempts_in Map(LowCardinality(String), UInt32)
        COMMENT 'Votes received by region of the gateway that took them; their sum is attempts. Empty before there were regions'
        CODEC(ZSTD(1)) AFTER ineligible;

ALTER TABLE ovation.ballots ON CLUSTER '{cluster}'
    ADD COLUMN IF NOT EXISTS attempts_in Map(LowCardinality(String), UInt32)
        COMMENT 'Votes received by region of the gateway that took them; their sum is attempts. Empty before there were regions'
        CODEC(ZSTD(1)) AFTER ineligible;
