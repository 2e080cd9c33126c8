"""Child processes kept together: none outlives the one that started them."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from maillage.core.errors import MaillageError

_PR_SET_PDEATHSIG: Final = 1
_GRACE_S: Final = 25.0
_FALLS_ALLOWED: Final = 5
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


class ChildFailedError(MaillageError):
    """A process that the site cannot do without has ended."""


@dataclass(frozen=True, slots=True)
class Child:
    """One process to keep running.

    restart  start it again when it falls (at most five times running), instead of ending all
    """

    name: str
    command: Sequence[str]
    restart: bool = False


@dataclass(slots=True)
class Keeper:
    """Starts children, watches them, and ends them all on SIGINT, SIGTERM or the fall of one."""

    children: Sequence[Child]
    environment: Mapping[str, str]
    say: Callable[[str], None]
    poll_s: float = 0.2
    grace_s: float = _GRACE_S
    stopping: bool = False
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _falls: dict[str, int] = field(default_factory=dict)

    def run(self, *, on_turn: Callable[[], None]) -> None:
        """Keep the children running until told to stop; `on_turn` is called between two looks.

        Raises ChildFailedError when a child falls that is not to be restarted.
        """
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        for number in before:
            signal.signal(number, self._ask_to_stop)
        try:
            for child in self.children:
                self._start(child)
            while not self.stopping:
                self._look()
                on_turn()
                time.sleep(self.poll_s)
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _start(self, child: Child) -> None:
        # A session of its own: Ctrl-C reaches this process alone, which then ends the children
        # in order. Should this process be killed outright, the kernel ends them.
        self._running[child.name] = subprocess.Popen(
            child.command,
            env=dict(self.environment),
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def _look(self) -> None:
        for child in self.children:
            code = self._running[child.name].poll()
            if code is None or self.stopping:
                continue
            self._falls[child.name] = self._falls.get(child.name, 0) + 1
            if not child.restart or self._falls[child.name] > _FALLS_ALLOWED:
                raise ChildFailedError(f"{child.name} s'est arrêté (code {code}).")
            self.say(f"{child.name} s'est arrêté (code {code}) : il repart.")
            self._start(child)

    def _end_all(self) -> None:
        for process in self._running.values():
            _signal_group(process, signal.SIGTERM)
        deadline_s = time.monotonic() + self.grace_s
        for process in self._running.values():
            try:
                process.wait(max(0.0, deadline_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()


def _end_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)
