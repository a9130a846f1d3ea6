DROP VIEW IF EXISTS ovation.poll_results;
