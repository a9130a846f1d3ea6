"""The operator's command. It works against any deployment; with none configured, against the embedded stack."""
