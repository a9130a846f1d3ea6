"""How programs show Kafka who they are, and what their settings for it may be together.

SCRAM-SHA-512 alone: the password itself is never sent and no broker keeps it, so a network without TLS does not give it
away, and every broker that has users of its own can do it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Security = Literal["plaintext", "sasl_plaintext", "sasl_ssl"]
MECHANISM = "SCRAM-SHA-512"

_USERNAME = re.compile(r"[A-Za-z0-9._@-]{1,255}")
# What stands in quotation marks in a client's configuration in Java, and is the same in every encoding.
_PASSWORD = re.compile(r"[ !#-\[\]-~]{1,1024}")


@dataclass(frozen=True, slots=True)
class KafkaLogin:
    """Who a program is to Kafka. Without a CA file, TLS trusts whom the machine trusts. No repr shows the password."""

    security: Security = "plaintext"
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""

    @property
    def doubt(self) -> str:
        """What may be wrong where a broker takes a connection and answers nothing: clients do not always say."""
        if self.security == "plaintext":
            return "It may ask who it is: see OVATION_KAFKA_SECURITY."
        settings = "OVATION_KAFKA_USERNAME and OVATION_KAFKA_PASSWORD"
        return f"It may refuse {self.username}, or {self.security}: see {settings}, and the broker's log."

    def librdkafka(self) -> dict[str, str]:
        """Return it in the words of librdkafka; nothing for plaintext."""
        if self.security == "plaintext":
            return {}
        return {
            "security.protocol": self.security,
            "sasl.mechanism": MECHANISM,
            "sasl.username": self.username,
            "sasl.password": self.password,
            **({"ssl.ca.location": self.ca_file} if self.ca_file else {}),
        }

    def kafka_python(self) -> dict[str, Any]:
        """Return it in the words of kafka-python; nothing for plaintext."""
        if self.security == "plaintext":
            return {}
        return {
            "security_protocol": self.security.upper(),
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": self.username,
            "sasl_plain_password": self.password,
            **({"ssl_cafile": self.ca_file} if self.ca_file else {}),
        }


PLAINTEXT = KafkaLogin()


def of(settings: Mapping[str, Any]) -> KafkaLogin:
    """Return the login that a program's settings say: `kafka_security` and the others, the password as a secret."""
    return KafkaLogin(
        settings["kafka_security"],
        settings["kafka_username"],
        settings["kafka_password"].get_secret_value(),
        settings["kafka_ca_file"],
    )


def checked(login: KafkaLogin, *, here: bool = True) -> KafkaLogin:
    """Return the login. Raises ValueError, which names the setting that is wrong and quotes no password.

    `here` says that the CA file is read on this machine, and so must be there.
    """
    given = {"USERNAME": login.username, "PASSWORD": login.password, "CA_FILE": login.ca_file}
    if login.security == "plaintext":
        for name, value in given.items():
            if value:
                raise ValueError(
                    f"is plaintext, which sends no OVATION_KAFKA_{name}, but that is set: choose sasl_ssl or "
                    "sasl_plaintext, or unset it"
                )
        return login
    for name in ("USERNAME", "PASSWORD"):
        if not given[name]:
            raise ValueError(f"is {login.security}, which needs OVATION_KAFKA_{name}, and that is not set")
    if not _USERNAME.fullmatch(login.username):
        raise ValueError("needs an OVATION_KAFKA_USERNAME of letters, digits and . _ @ -, at most 255 characters")
    if not _PASSWORD.fullmatch(login.password):
        raise ValueError('needs an OVATION_KAFKA_PASSWORD of printable ASCII characters without " and \\')
    if login.ca_file and login.security != "sasl_ssl":
        raise ValueError(f"is {login.security}, which has no TLS, but OVATION_KAFKA_CA_FILE is set: choose sasl_ssl")
    if login.ca_file and here and not Path(login.ca_file).is_file():
        raise ValueError("needs an OVATION_KAFKA_CA_FILE that is a file of certificates (PEM)")
    return login
