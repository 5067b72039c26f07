"""Room on the page: pictures fitted to it, and boxes moved apart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["apart", "kept", "spread"]

VIEW = (860, 610)  # the picture on a small laptop
FILLED = 0.7  # of the view, by labels: more than that cannot be freed of overlaps
DISTORTION = 1.5


def kept(place: Floats) -> Floats:
    """Return the same picture at the size of the view, undistorted.

    Parameters
    ----------
    place
        One row for each node.

    Examples
    --------
    >>> import numpy as np
    >>> bool((kept(np.zeros((3, 2))) == 0).all())
    True
    """
    low, high = place.min(axis=0), place.max(axis=0)
    factor = float((_view(len(place)) / (high - low).clip(1e-9)).min())
    out: Floats = (place - (low + high) / 2) * min(factor, 1e9)
    return out


def _view(count: int) -> Floats:
    """Return the width and height that some nodes fill: few nodes do not need a whole screen."""
    import numpy as np

    return np.array(VIEW) * min(1.0, max(0.25, math.sqrt(count / 30)))


def _turned(place: Floats) -> Floats:
    """Return the same picture, centred, its longest extent across the page."""
    import numpy as np

    place = place - place.mean(axis=0)
    angle = 0.5 * math.atan2(
        2 * float((place[:, 0] * place[:, 1]).sum()),
        float((place[:, 0] ** 2).sum() - (place[:, 1] ** 2).sum()),
    )
    cos, sin = math.cos(angle), math.sin(angle)
    x, y = place[:, 0], place[:, 1]
    return np.column_stack([x * cos + y * sin, y * cos - x * sin])


def _stretched(place: Floats, view: Floats) -> Floats:
    """Return the same picture, centred, as large as the view and hardly distorted."""
    import numpy as np

    low, high = place.min(axis=0), place.max(axis=0)
    factors = view / np.maximum(high - low, 1e-9)
    factors = np.minimum(factors, DISTORTION * factors.min())
    out: Floats = (place - (low + high) / 2) * factors
    return out


def spread(place: Floats, discs: Floats, boxes: Floats) -> Floats:
    """Return places that fill the view, at which labels can be read as far as there is room.

    Parameters
    ----------
    place, discs, boxes
        For each node its place, and its width and height without and with its label.

    Examples
    --------
    >>> import numpy as np
    >>> spread(np.eye(2), np.full((2, 2), 8.0), np.full((2, 2), 30.0)).shape
    (2, 2)
    """
    import numpy as np

    filled = float((boxes[:, 0] * boxes[:, 1]).sum())
    view = _view(len(place))
    share = min(1.0, FILLED * float(view[0] * view[1]) / filled)
    wanted = np.maximum(discs, boxes * math.sqrt(share))
    place = _stretched(_turned(place), view)
    for _ in range(5):
        place = _stretched(apart(place, wanted), view)
    return apart(place, wanted)


def apart(place: Floats, boxes: Floats, *, fixed: int = 0, rounds: int = 150) -> Floats:
    """Return places at which boxes do not overlap, as far as some rounds of pushing reach.

    Parameters
    ----------
    place, boxes
        For each node its place, and its width and height.
    fixed
        So many nodes, the first ones, stay where they are.
    rounds
        How often to push at most.

    Examples
    --------
    >>> import numpy as np
    >>> place = apart(np.array([[0.0, 0.0], [1.0, 0.0]]), np.full((2, 2), 10.0))
    >>> bool(place[1, 0] - place[0, 0] > 9)
    True
    """
    import numpy as np
    from scipy.spatial import cKDTree

    place = place.copy()
    reach = boxes.max(axis=0)
    for _ in range(rounds):
        pairs = cKDTree(place / reach).query_pairs(1.0, p=np.inf, output_type="ndarray")
        pairs = pairs[(pairs >= fixed).any(axis=1)]
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        a, b = pairs[:, 0], pairs[:, 1]
        gap = place[b] - place[a]
        over = (boxes[a] + boxes[b]) / 2 - np.abs(gap)
        hit = (over > 0).all(axis=1)
        if not hit.any():
            break
        a, b, gap, over = a[hit], b[hit], gap[hit], over[hit]
        # Labels are flat: by pixels, nearly all would be pushed up or down and stand in columns.
        part = over / (boxes[a] + boxes[b])
        axis = (part[:, 0] > part[:, 1]).astype(int)
        row = np.arange(len(axis))
        push = np.zeros_like(gap)
        direction = np.where(gap[row, axis] >= 0, 1.0, -1.0)
        push[row, axis] = direction * (over[row, axis] / 2 + 0.5)
        move = np.zeros_like(place)
        np.add.at(move, a, -push)
        np.add.at(move, b, push)
        move[:fixed] = 0
        place += np.clip(0.7 * move, -40, 40)  # less than needed: neighbours push back
    return place
