"""Work on its way to a database thread and back to the one who waits for it."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from queue import SimpleQueue
from typing import Any, TypeVar

from callboard.database.statement import Connection
from callboard.errors import Unavailable

Result = TypeVar("Result")
Work = Callable[[Connection], Result]
"""What runs within one open transaction; it never commits."""


class Job:
    """Work that waits for its turn in a database thread, and its outcome for the one who waits."""

    __slots__ = ("done", "error", "first", "future", "loop", "result", "work")

    def __init__(self, work: Work[Any], first: Work[None] | None = None) -> None:
        self.work, self.first = work, first
        self.result: Any = None
        self.error: BaseException | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.future: asyncio.Future[Any] | None = None
        self.done: threading.Event | None = None

    def awaited(self) -> "asyncio.Future[Any]":
        """A future of the running event loop; call before the job is handed over."""
        self.loop = asyncio.get_running_loop()
        self.future = self.loop.create_future()
        return self.future

    def wait(self) -> Any:
        """Block the calling thread until the job is finished."""
        assert self.done is not None, "prepared by `blocking`"
        self.done.wait()
        if self.error is not None:
            raise self.error
        return self.result

    def blocking(self) -> "Job":
        self.done = threading.Event()
        return self

    @staticmethod
    def finish(jobs: Iterable["Job"]) -> None:
        """Tell everybody who waits; one wake-up for all the jobs of an event loop."""
        by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = {}
        for job in jobs:
            if job.done is not None:
                job.done.set()
            elif job.loop is not None:
                by_loop.setdefault(job.loop, []).append(job)
        for loop, finished in by_loop.items():
            try:
                loop.call_soon_threadsafe(_settle, finished)
            except RuntimeError:  # The event loop has ended: nobody waits any more, and the work is kept.
                continue


class Queue(SimpleQueue[Job | None]):
    """Jobs for database threads. None tells one thread to end."""

    def __init__(self) -> None:
        self._is_ended = False
        self._soon: dict[asyncio.AbstractEventLoop, list[Job]] = {}

    def put_soon(self, job: Job) -> None:
        """Hand over a job together with all others that the event loop has by the end of its round.

        A thread that wakes while the loop still works fights it for the interpreter's lock, and begins a
        batch of one.
        """
        loop = asyncio.get_running_loop()
        waiting = self._soon.setdefault(loop, [])
        waiting.append(job)
        if len(waiting) == 1:
            loop.call_soon(self._flush, loop)

    def _flush(self, loop: asyncio.AbstractEventLoop) -> None:
        for job in self._soon.pop(loop):
            self.hand_over(job)

    def hand_over(self, job: Job) -> None:
        """Give a job to the threads; once they have ended, its caller is told at once."""
        if self._is_ended:
            _refuse(job)
        else:
            self.put(job)

    def end(self, threads: Sequence[threading.Thread]) -> None:
        """Let the threads finish what waits, and end them."""
        for _ in threads:
            self.put(None)
        for thread in threads:
            thread.join()
        self._is_ended = True
        while not self.empty():  # Handed over after the threads were told to end.
            if (job := self.get()) is not None:
                _refuse(job)


def _refuse(job: Job) -> None:
    job.error = Unavailable("the database is closed")
    Job.finish([job])


def _settle(jobs: list[Job]) -> None:
    for job in jobs:
        future = job.future
        assert future is not None
        if future.done():  # The caller has gone away; what was done stays done.
            continue
        if job.error is not None:
            future.set_exception(job.error)
        else:
            future.set_result(job.result)
