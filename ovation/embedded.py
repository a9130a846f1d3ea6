"""Where the embedded stack is, and what lets one into it."""

from local.secrets import load_or_create
from local.settings import NO_KAFKA_USERS, StackSettings
from ovation.addresses import Addresses


def addresses_of(settings: StackSettings) -> Addresses:
    """Return the addresses of the embedded stack with these settings, and its development key.

    Raises StackError when its secrets cannot be read.
    """
    key = load_or_create(settings.data_dir).api_key.get_secret_value()
    return Addresses.model_validate({**settings.addresses(), **NO_KAFKA_USERS, "api_key": key})
