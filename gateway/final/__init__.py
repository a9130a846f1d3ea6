"""From closed to final: the ballots are counted again, and only if that is what screens show, the result is final.

Every gateway looks after every closed poll, so that it does not matter which of them die. A lock in Redis lets one of
them work at a time; `control` decides, so that a result is announced once even where two had the lock.
"""
