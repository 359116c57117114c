"""The running loss and accuracy of a training, smoothed, in few points however long it takes."""

MOST_POINTS = 240
# About the last twenty batches count.
SMOOTHING = 0.05


class LiveCurve:
    """Collects a point per batch and thins itself out when there are too many.

    Keras hands over means over the epoch so far; the value of each batch is taken back
    out of them, so that the curve does not jump when an epoch begins.
    """

    def __init__(self) -> None:
        self._points: list[tuple[float, float, float]] = []
        self._every = 1
        self._steps = 0
        self._smooth: tuple[float, float] | None = None
        self._batches = 0
        self._sums = (0.0, 0.0)

    def begin_epoch(self) -> None:
        self._batches, self._sums = 0, (0.0, 0.0)

    def add(self, epoch: float, mean_loss: float, mean_accuracy: float) -> None:
        """A batch is done, at `epoch` (2.5: half of the third), with these means so far."""
        self._batches += 1
        sums = (mean_loss * self._batches, mean_accuracy * self._batches)
        own = (max(0.0, sums[0] - self._sums[0]), min(1.0, max(0.0, sums[1] - self._sums[1])))
        self._sums = sums
        old = self._smooth or own
        # The first batches weigh more, so that the curve starts where the training does.
        weight = max(SMOOTHING, 1 / (self._steps + 1))
        self._smooth = (
            old[0] + weight * (own[0] - old[0]),
            old[1] + weight * (own[1] - old[1]),
        )
        if self._steps % self._every == 0:
            self._points.append(
                (round(epoch, 3), round(self._smooth[0], 4), round(self._smooth[1], 4))
            )
        self._steps += 1
        if len(self._points) >= MOST_POINTS:
            self._points, self._every = self._points[::2], self._every * 2

    def as_lists(self) -> dict[str, list[float]]:
        """`{"epoch": […], "loss": […], "accuracy": […]}`, equally long."""
        columns = zip(*self._points, strict=True) if self._points else ((), (), ())
        return dict(zip(("epoch", "loss", "accuracy"), map(list, columns), strict=True))
