-- A user that reads some streams and nothing of the others: a dashboard for one broadcaster, or for whoever made one show.
-- Change the password and the streams, and run it as a user that may manage access, once ovation_reader's profile is there
-- (sql/server/reader.xml or reader.sql). On a cluster add ON CLUSTER to each statement: then it holds for the tables of each
-- shard too. Run the last statement again, with other streams, to change them.
--
-- A row is shown if the condition holds for it, whichever table or view it is asked of, tables of later versions too. What
-- has no stream_id cannot be read at all. Who has no policy reads all rows, as before: that is a server's default
-- (users_without_row_policies_can_read_rows), and where it was changed, the others need a policy USING 1.

CREATE USER IF NOT EXISTS ovation_guest
    IDENTIFIED WITH sha256_password BY 'change me'
    SETTINGS PROFILE 'ovation_reader';

GRANT SELECT ON ovation.* TO ovation_guest;

CREATE ROW POLICY OR REPLACE ovation_guest ON ovation.*
    USING stream_id IN ('cup-semifinal', 'cup-final')
    TO ovation_guest;
