"""The gateway: viewers tap and vote here, broadcasters open streams and polls, and every screen is fed from here."""
