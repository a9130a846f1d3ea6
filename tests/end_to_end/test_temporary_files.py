"""What Flink and its clients keep for a while lies in the stack's folder, and goes with it."""

import tempfile
from pathlib import Path

from local.stack import Stack
from ovation.flink_api import Flink


def test_submitted_jobs_leave_nothing_among_the_machine_s_temporary_files(flink: Flink) -> None:
    jobs, machine = flink.jobs(), Path(tempfile.gettempdir())
    assert jobs
    assert [path for job in jobs for path in machine.glob(f"flink-distributed-cache-{job.job_id}*")] == []


def test_the_jobmanager_keeps_what_its_web_interface_takes_with_the_stack(stack: Stack) -> None:
    # One that was killed has left its own beside it.
    assert list((stack.settings.data_dir / "flink" / "tmp").glob("flink-web-*"))
