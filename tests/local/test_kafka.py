from local import kafka
from local.settings import StackSettings


def test_the_command_starts_the_broker_with_its_heap_and_configuration(fixed: StackSettings) -> None:
    part = kafka.part(fixed)

    assert part.command[1:3] == ("-Xms512m", "-Xmx512m")
    assert part.command[-2:] == ("kafka.Kafka", "/data/kafka/server.properties")
    assert part.address == "127.0.0.1:9092"


def test_options_of_all_jvms_are_the_broker_s_too(fixed: StackSettings) -> None:
    part = kafka.part(fixed.model_copy(update={"java_options": "-XX:+UseSerialGC -Xss512k"}))

    assert part.command[3:5] == ("-XX:+UseSerialGC", "-Xss512k")


def test_broker_and_controller_listen_on_loopback_alone(fixed: StackSettings) -> None:
    properties = kafka.server_properties(fixed.model_copy(update={"kafka_port": 1111, "kafka_controller_port": 2222}))

    assert properties["listeners"] == "BROKER://127.0.0.1:1111,CONTROLLER://127.0.0.1:2222"
    assert properties["advertised.listeners"] == "BROKER://127.0.0.1:1111"
    assert properties["controller.quorum.voters"] == "1@127.0.0.1:2222"


def test_a_topic_is_never_made_by_asking_for_it(fixed: StackSettings) -> None:
    assert kafka.server_properties(fixed)["auto.create.topics.enable"] == "false"


def test_each_port_names_the_variable_that_changes_it(fixed: StackSettings) -> None:
    ports = {port.variable: port.number for port in kafka.part(fixed).ports}

    assert ports == {"OVATION_KAFKA_PORT": 9092, "OVATION_KAFKA_CONTROLLER_PORT": 9093}
