"""What is on screen, to the pixel."""

import io
from typing import Any

import numpy as np
from matplotlib.image import imread
from numpy.typing import NDArray
from playwright.async_api import Page

Box = tuple[int, int, int, int]
"""Left, top, right and bottom."""


async def alpha(page: Page) -> NDArray[Any]:
    """Return how opaque each pixel of the page is, from 0 to 1, as OBS gets it: by row and column."""
    picture = imread(io.BytesIO(await page.screenshot(omit_background=True)), format="png")
    # A picture without transparency has three channels.
    return picture[..., 3] if picture.shape[2] == 4 else np.ones(picture.shape[:2])


async def drawn(page: Page) -> Box | None:
    """Return the box around all that is not wholly transparent, or None where all of it is."""
    rows, columns = np.nonzero(await alpha(page))
    if not rows.size:
        return None
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1
