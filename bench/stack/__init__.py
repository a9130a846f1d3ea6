"""The whole embedded stack under a crowd of lean sockets: what it shows, how soon, and what it costs."""
