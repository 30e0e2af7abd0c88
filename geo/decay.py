"""How the pull of a facility falls with travel time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.vocabulary import MILLISECONDS_PER_MINUTE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.accessibility import Decay

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_EDGE = np.exp(-0.5)


def decay_weights(decay: Decay, milliseconds: Ints, limit: Ints) -> Floats:
    """Weigh travel times, each with the limit of its own, both whole milliseconds; 0 beyond it.

    With u the time as a part of the limit and t in minutes: binary 1; stepped the weight of the
    zone, zones equally wide and inclusive of their far end; linear 1 - u; gaussian
    (exp(-u^2 / 2) - exp(-1/2)) / (1 - exp(-1/2)), which is Dai's and 0 at the limit; exponential
    exp(-rate t); power max(t, 1) ** -rate.

    >>> from layers.accessibility import Decay
    >>> thirds = Decay(kind="stepped", weights=(1.0, 0.68, 0.22))
    >>> decay_weights(thirds, np.array([300000, 300001, 900000]), np.full(3, 900000)).tolist()
    [1.0, 0.68, 0.22]
    """
    part = milliseconds / np.maximum(limit, 1)
    minutes = milliseconds / MILLISECONDS_PER_MINUTE
    if decay.kind == "binary":
        weight = np.ones(part.shape)
    elif decay.kind == "stepped":
        # Whole numbers: a time at the end of a zone lies in it, whatever a third is in binary.
        zone = -(-milliseconds * len(decay.weights) // np.maximum(limit, 1)) - 1
        weight = np.asarray(decay.weights)[np.clip(zone, 0, len(decay.weights) - 1)]
    elif decay.kind == "linear":
        weight = 1.0 - part
    elif decay.kind == "gaussian":
        weight = (np.exp(-0.5 * part**2) - _EDGE) / (1.0 - _EDGE)
    elif decay.kind == "exponential":
        weight = np.exp(-decay.rate * minutes)
    else:
        weight = np.maximum(minutes, 1.0) ** -decay.rate
    inside: Floats = np.where((milliseconds >= 0) & (milliseconds <= limit), weight, 0.0)
    return inside
