from local import clickhouse_part
from local.settings import StackSettings


def test_the_command_names_folder_and_port(fixed: StackSettings) -> None:
    part = clickhouse_part.part(fixed)

    command = ("-m", "local.clickhouse", "--data-dir", "/data/clickhouse", "--port", "8123")
    assert part.command[1:] == (*command, "--config", "/data/run/clickhouse.xml")
    assert [port.variable for port in part.ports] == ["OVATION_CLICKHOUSE_PORT"]
