"""Several connections at work at the same time; the first trouble ends them all."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait

from wizard.data.compare.postgres.connection import Reader


Work = tuple[Reader, Callable[[Reader], None]]


def work_together(works: Sequence[Work]) -> None:
    """Do each work in a thread of its own.

    Args:
        works: What to do with which connection; each connection stands once.

    Raises:
        NotCompared: The first that was raised; the others were interrupted for it.
    """
    with ThreadPoolExecutor(len(works), thread_name_prefix="compare") as threads:
        futures = [threads.submit(do, reader) for reader, do in works]
        try:
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            first = _failed(done)
        except KeyboardInterrupt:
            _interrupt(works, futures)
            raise
        if first is not None:
            _interrupt(works, futures)
    if first is not None:
        raise first


def _failed(done: set[Future[None]]) -> BaseException | None:
    return next((problem for future in done if (problem := future.exception()) is not None), None)


def _interrupt(works: Sequence[Work], futures: Sequence[Future[None]]) -> None:
    for (reader, _), future in zip(works, futures, strict=True):
        if not future.done():
            reader.interrupt()
