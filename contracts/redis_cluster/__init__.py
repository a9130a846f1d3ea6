"""The Redis of a URL, one server or a cluster, behind one and the same client: `aio` on an event loop, `sync` without.

redis-py's own cluster clients serve a cluster that is whole. When one master does not answer they close what they have
to every other, and begin anew; may forget every address that they knew; and raise what is no RedisError. Here each
master has a client of its own, of the kind that one Redis has, and a command goes to the one that has its key's slot:
a master that is lost takes nobody with it.
"""
