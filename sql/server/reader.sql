-- The user that only reads: gateways and dashboards. Run it as a user that may manage access, with a password of your
-- own; on a cluster add ON CLUSTER to each statement. sql/server/reader.xml says why each limit is there.

CREATE SETTINGS PROFILE IF NOT EXISTS ovation_reader SETTINGS
    readonly = 2,
    max_execution_time = 60 MIN 0.1 MAX 600,
    max_result_rows = 5000000,
    max_rows_to_read = 5000000000 MIN 1 MAX 5000000000,
    max_memory_usage = 2147483648 MIN 1 MAX 2147483648,
    max_memory_usage_for_user = 8589934592 CONST,
    max_concurrent_queries_for_user = 100 CONST;

CREATE USER IF NOT EXISTS ovation_reader
    IDENTIFIED WITH sha256_password BY 'change me'
    SETTINGS PROFILE 'ovation_reader';

GRANT SELECT ON ovation.* TO ovation_reader;
