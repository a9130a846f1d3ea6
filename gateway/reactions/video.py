"""Where in the video a viewer is: what its player says, which nobody can check, in bounds."""

from typing import Annotated

from msgspec import Meta

from contracts.limits import MAX_VIDEO_MS

PlaybackMs = Annotated[int, Meta(ge=0, le=MAX_VIDEO_MS)] | None
"""Milliseconds from the beginning of the stream's video."""
