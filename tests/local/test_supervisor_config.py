import shlex
from pathlib import Path

import pytest
from supervisor.datatypes import dict_of_key_value_pairs  # type: ignore[import-untyped]
from supervisor.options import UnhosedConfigParser  # type: ignore[import-untyped]

from local.errors import StackError
from local.part import Part
from local.settings import StackSettings
from local.supervisor_config import render


def parsed(part: Part, settings: StackSettings) -> UnhosedConfigParser:
    parser = UnhosedConfigParser()
    parser.read_string(render([part], settings))
    return parser


def test_a_part_is_started_again_for_ever_and_stopped_with_its_children(fixed: StackSettings) -> None:
    program = parsed(Part("redis", "", ("redis-server",), ready=lambda: True, stop_wait_s=7), fixed)["program:redis"]

    assert program["autorestart"] == "true"
    assert int(program["startretries"]) > 1000
    assert program["stopasgroup"] == program["killasgroup"] == "true"
    assert program["stopwaitsecs"] == "7"
    assert program["stdout_logfile"] == "/data/logs/redis.log"


def test_words_and_values_survive_the_configuration_s_own_syntax(fixed: StackSettings) -> None:
    words = ("run", "", "two words", "100%", "it's")
    values = {"A": "100%", "B": "it's a=b, c;d#", "C": "back\\slash"}
    program = parsed(Part("part", "", words, ready=lambda: True, env=values), fixed)["program:part"]

    assert tuple(shlex.split(program["command"] % {})) == words
    read = dict_of_key_value_pairs(program["environment"] % {})
    assert {name: read[name] for name in values} == values


def test_a_value_that_cannot_be_written_is_refused_without_being_shown(fixed: StackSettings) -> None:
    part = Part("part", "", ("run",), ready=lambda: True, env={"NAME": 'secret"value'})

    with pytest.raises(StackError, match="NAME holds a quotation mark") as failure:
        render([part], fixed)
    assert "secret" not in str(failure.value)


def test_a_folder_whose_name_would_begin_a_comment_is_refused(fixed: StackSettings) -> None:
    with pytest.raises(StackError, match="holds a blank before ; or #"):
        render([], fixed.model_copy(update={"data_dir": Path("/data #2")}))


def test_a_part_finds_the_python_of_the_stack_first(fixed: StackSettings) -> None:
    program = parsed(Part("part", "", ("run",), ready=lambda: True), fixed)["program:part"]

    path = dict_of_key_value_pairs(program["environment"] % {})["PATH"]
    assert (Path(path.split(":")[0]) / "supervisord").exists()


def test_what_counts_gives_way_to_what_answers(fixed: StackSettings) -> None:
    answers = Part("gateway", "", ("run", "it"), ready=lambda: True)
    counts = Part("flink", "", ("run", "it"), ready=lambda: True, nice=15)

    assert shlex.split(parsed(answers, fixed)["program:gateway"]["command"]) == ["run", "it"]
    assert shlex.split(parsed(counts, fixed)["program:flink"]["command"]) == ["nice", "-n", "15", "run", "it"]
