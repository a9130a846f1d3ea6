from ovation.commands.status import _lines

PART = {"up": True, "pid": 7, "url": "http://127.0.0.1:1", "memory_mb": 1_234}
FLINK = {**PART, "taskmanagers": [{"up": True, "pid": 8, "memory_mb": 600, "python_workers": [9, 10]}]}


def test_each_part_says_what_it_takes_and_the_last_line_what_all_take() -> None:
    lines = [line.split() for line in _lines({"kafka": PART, "flink": FLINK})]

    assert lines[0] == ["memory"]
    assert lines[1] == ["kafka", "up", "process", "7", "1,234", "MB", "http://127.0.0.1:1"]
    assert lines[3] == ["taskmanager", "up", "process", "8", "600", "MB", "Python", "workers", "9,", "10"]
    assert lines[-1] == ["all", "2,468", "MB"]


def test_memory_that_the_system_does_not_tell_is_a_dash() -> None:
    lines = [line.split() for line in _lines({"redis": {**PART, "memory_mb": None}})]

    assert lines[1:] == [["redis", "up", "process", "7", "-", "http://127.0.0.1:1"], ["all", "-"]]
