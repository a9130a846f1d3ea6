"""Failures of the embedded stack."""

from ovation.errors import OvationError


class StackError(OvationError):
    """A part cannot be started or stopped."""
