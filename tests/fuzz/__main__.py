"""Looks for bytes that the gateway's readers do not stand: `make fuzz-decoder`, that is `python -m tests.fuzz SECONDS`.

Guided by the coverage of the gateway's own modules; msgspec and websockets are C, which it does not see into. What is
found anew is kept in `.local/fuzz`; an input that breaks something belongs into `tests/fuzz/corpus`, where it is tried
with every test run.
"""

import sys

import atheris

from local.paths import CHECKOUT

CORPUS = CHECKOUT / "tests" / "fuzz" / "corpus"
FOUND = CHECKOUT / ".local" / "fuzz"

with atheris.instrument_imports(
    include=["gateway.decoding", "gateway.duplicate_keys", "gateway.live", "json", "tests"]
):
    from tests.fuzz.decoding import try_one


def main(seconds: int) -> None:
    """Try inputs for so long, and end with a status that is not 0 at the first that breaks something."""
    FOUND.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        "-max_len=2048",
        "-timeout=5",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
    ]
    atheris.Setup(["fuzz", *options, f"-artifact_prefix={FOUND}/broke-", str(FOUND), str(CORPUS)], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]))
