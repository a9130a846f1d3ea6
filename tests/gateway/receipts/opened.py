"""What a receipt says, read with the secret of the tests' gateways."""

from gateway.auth import signing_secrets
from gateway.control.table import ControlTable
from gateway.receipts.sealing import Receipt, Receipts
from gateway.voter import VoterKeys
from tests.gateway.processes import TOKEN_SECRET, VOTER_SECRET


def opened(text: str) -> Receipt:
    table = ControlTable(lambda: 0)
    return Receipts(signing_secrets(TOKEN_SECRET), VoterKeys(VOTER_SECRET.encode(), table)).open(text)
