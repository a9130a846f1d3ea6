"""What alerts, boards and operators read of Flink's metrics, declared once, as its Prometheus reporter names them."""

ALL = {
    "flink_jobmanager_numRegisteredTaskManagers": "TaskManagers that the JobManager knows.",
    "flink_jobmanager_numRunningJobs": "Deployments that run, restarting ones among them; four are all.",
    "flink_jobmanager_taskSlotsAvailable": "Slots that no task has: room for a job that is replaced.",
    "flink_jobmanager_job_numRestarts": "How often a job was started again after a failure, by `job_name`.",
    "flink_jobmanager_job_numberOfCompletedCheckpoints": "Checkpoints that are complete, by `job_name`.",
    "flink_jobmanager_job_numberOfFailedCheckpoints": "Checkpoints that failed, by `job_name`.",
    "flink_jobmanager_job_lastCheckpointDuration": "Milliseconds that the newest checkpoint took.",
    "flink_jobmanager_job_lastCheckpointFullSize": "Bytes of a job's whole state.",
    "flink_taskmanager_job_task_numRecordsInPerSecond": "Records that a task takes each second.",
    "flink_taskmanager_job_task_busyTimeMsPerSecond": "Milliseconds of each second that a task works.",
    "flink_taskmanager_job_task_backPressuredTimeMsPerSecond": "Milliseconds of each second that it cannot go on.",
    "flink_taskmanager_Status_JVM_Memory_Heap_Used": "Bytes of a TaskManager's heap.",
    "flink_taskmanager_Status_JVM_Memory_Heap_Max": "The most that it may have.",
}
"""Name to meaning."""

SETTINGS = {
    "metrics.reporters": "prom",
    "metrics.reporter.prom.factory.class": "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
    # `poll_dedup --sink redis` shall stay what it is called everywhere else.
    "metrics.reporter.prom.filterLabelValueCharacters": "false",
}
"""What makes Flink's processes serve their metrics, at `metrics.reporter.prom.port`. The reporter is one of Flink's
plugins. It listens on every address of its machine, so nothing turns it on by itself."""
