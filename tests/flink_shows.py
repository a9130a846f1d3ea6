"""Whatever a running Flink cluster shows to who may ask it, and what it writes where others may read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import urllib3

_OF_CLUSTER = (
    "/config",
    "/overview",
    "/datasets",
    "/jars",
    "/jobs",
    "/jobs/overview",
    "/jobmanager/config",
    "/jobmanager/environment",
    "/jobmanager/metrics",
    "/jobmanager/thread-dump",
    "/jobmanager/log",
    "/jobmanager/stdout",
    "/taskmanagers",
)
_OF_JOB = (
    "",
    "/plan",
    "/config",
    "/exceptions",
    "/accumulators?includeSerializedValue=true",
    "/checkpoints",
    "/checkpoints/config",
    "/jobmanager/config",
    "/jobmanager/environment",
    "/metrics",
)
_OF_TASKMANAGER = ("", "/log", "/stdout", "/thread-dump", "/metrics")
MUST = ("/jobmanager/config", "/jobmanager/environment", "/exceptions", "/plan", "/log", "/checkpoints/config")


class Shown:
    """Everything of the REST interface at `url`: the path that was asked, and the answer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = urllib3.PoolManager(timeout=20, retries=False)
        self.answers: dict[str, bytes] = {}
        """Only what was answered 200: a process that writes no file of its output has none to show."""
        self._ask_all()

    def with_any(self, secrets: set[str]) -> list[str]:
        """Return the paths whose answers have one of `secrets` in them."""
        return [path for path, answer in self.answers.items() if _holds(answer, secrets)]

    def _ask_all(self) -> None:
        for path in _OF_CLUSTER:
            self._get(path)
        for job in self._json("/jobs")["jobs"]:
            at = f"/jobs/{job['id']}"
            for path in _OF_JOB:
                self._get(at + path)
            for vertex in self._json(at)["vertices"]:
                for path in ("", "/accumulators", "/subtasks/accumulators", "/taskmanagers", "/metrics"):
                    self._get(f"{at}/vertices/{vertex['id']}{path}")
        for manager in self._json("/taskmanagers")["taskmanagers"]:
            at = f"/taskmanagers/{manager['id']}"
            for path in _OF_TASKMANAGER:
                self._get(at + path)
            self._logs(at)
        self._logs("/jobmanager")

    def _logs(self, at: str) -> None:
        for each in self._json(f"{at}/logs")["logs"]:
            self._get(f"{at}/logs/{each['name']}")

    def _get(self, path: str) -> bytes:
        answer = self._http.request("GET", self._url + path)
        if answer.status == 200:
            self.answers[path] = answer.data
        return answer.data

    def _json(self, path: str) -> Any:
        return json.loads(self._get(path))


def files_with_any(secrets: set[str], folder: Path) -> tuple[list[Path], int]:
    """Return the files below `folder` that have one of `secrets` in them, and how many were looked at."""
    found, looked = [], 0
    for path, content in _contents(folder):
        looked += 1
        if _holds(content, secrets):
            found.append(path)
    return found, looked


def _contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                yield path, path.read_bytes()
        except FileNotFoundError:  # A checkpoint goes when a newer one is there.
            continue


def _holds(content: bytes, secrets: set[str]) -> bool:
    return any(secret.encode(coding) in content for secret in secrets for coding in ("utf-8", "utf-16-be"))
