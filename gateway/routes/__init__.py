"""The HTTP and WebSocket interface, one file per subject. Each file ends in `ROUTES`, in the order of matching."""
