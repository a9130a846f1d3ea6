"""A client of the gateway's HTTP and WebSocket interface, for the commands and the tests of Ovation."""
