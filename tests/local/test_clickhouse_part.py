from local import clickhouse_part
from local.settings import StackSettings


def test_the_command_names_folder_and_port(fixed: StackSettings) -> None:
    part = clickhouse_part.part(fixed)

    command = ("-m", "local.clickhouse", "--data-dir", "/data/clickhouse", "--port", "8123")
    assert part.command[1:] == (*command, "--config", "/data/run/clickhouse.xml")
    assert [port.variable for port in part.ports] == ["OVATION_CLICKHOUSE_PORT"]


def test_memory_is_capped_where_the_settings_say_so(settings: StackSettings) -> None:
    config = settings.paths.run / "clickhouse.xml"
    clickhouse_part.part(settings).prepare()
    assert "max_server_memory_usage" not in config.read_text()

    clickhouse_part.part(settings.model_copy(update={"clickhouse_memory_mb": 3})).prepare()
    assert "<max_server_memory_usage>3145728</max_server_memory_usage>" in config.read_text()
