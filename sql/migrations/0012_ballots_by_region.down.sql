ALTER TABLE ovation.ballots DROP COLUMN IF EXISTS attempts_in;
