"""Child processes that are stopped in order, and that end with us even when we are killed."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from app.launch.accounts import Account

LEASH = Path(__file__).with_name("leash.py")
KERNEL_TELLS = sys.platform == "linux"


@dataclass
class Child:
    """One program on a leash.

    `asked` is the signal for an orderly end, `orphaned` the one it gets when we are gone.
    """

    command: list[str]
    environment: dict[str, str] | None = None
    account: Account | None = None
    log: Path | None = None
    typed: bytes = b""
    handed: tuple[int, ...] = ()
    folder: Path = Path("/")  # the folder we stand in may be closed to the account
    asked: signal.Signals = signal.SIGTERM
    orphaned: signal.Signals = signal.SIGKILL
    portable: bool = not KERNEL_TELLS
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _pipe: int | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll() if self._process else -1

    @property
    def running(self) -> bool:
        return self.exit_code is None

    def start(self) -> None:
        """Start the program.

        Only from the main thread: Linux takes the end of the *thread* that forked for the end of
        the parent.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("children are started from the main thread")
        watch = self._open_pipe()
        output = self._open_log()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own command line
                [*self._leash(watch), *self.command],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.PIPE if self.typed else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                pass_fds=(*self.handed, *([watch] if watch >= 0 else ())),
                start_new_session=True,  # Ctrl-C reaches us alone: the order of the end is ours
            )
        finally:
            if watch >= 0:
                os.close(watch)
            if output:
                output.close()
        if self._process.stdin:
            self._process.stdin.write(self.typed)
            self._process.stdin.close()

    def stop(self, timeout: float) -> None:
        """Ask for the end, and take it after `timeout` seconds."""
        if self._process and self.running:
            self._process.send_signal(self.asked)
        self.wait(timeout)

    def wait(self, timeout: float) -> None:
        if self._process:
            try:
                self._process.wait(timeout)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    def ask(self) -> None:
        """Ask for the end without waiting for it."""
        if self._process and self.running:
            self._process.send_signal(self.asked)

    def _leash(self, watch: int) -> list[str]:
        account = self.account
        uid, gid, reach = (account.uid, account.gid, account.reach) if account else (-1, -1, False)
        numbers = (os.getpid(), self.orphaned.value, uid, gid, int(reach), watch)
        return [sys.executable, "-I", "-S", str(LEASH), *map(str, numbers)]

    def _open_pipe(self) -> int:
        if not self.portable:
            return -1
        watch, self._pipe = os.pipe()
        return watch

    def _open_log(self) -> IO[bytes] | None:
        return self.log.open("wb") if self.log else None
