"""Children start together, and none outlives the one that keeps them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

KEEPER = """
import os, sys
from pathlib import Path
from maillage.cli.processes import Child, ChildFailedError, Keeper

folder = Path(sys.argv[1])
sleeper = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + sleeper
fragile = "import sys; open(sys.argv[1], 'a').write('x'); sys.exit(7)"
kinds = {"sleeper": sleeper, "deaf": deaf, "fragile": fragile, "stubborn": fragile}
children = [
    Child(name, [sys.executable, "-c", kinds[name], str(folder / name)], restart=name == "stubborn")
    for name in sys.argv[2:]
]
keeper = Keeper(children, os.environ, lambda text: print(text, flush=True), 0.02, grace_s=0.5)
try:
    keeper.run(on_turn=lambda: None)
except ChildFailedError as error:
    print(error, flush=True)
    sys.exit(5)
"""


def keep(folder: Path, *names: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(folder), *names], stdout=subprocess.PIPE, text=True
    )


def pid_in(path: Path) -> int:
    return int(wait_for(lambda: path.exists() and path.read_text()))


def wait_for(condition):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError("waited in vain")


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_an_order_to_stop_ends_every_child(tmp_path):
    for order in (signal.SIGTERM, signal.SIGINT):
        folder = tmp_path / order.name
        folder.mkdir()
        with keep(folder, "sleeper", "deaf") as keeper:
            pids = [pid_in(folder / "sleeper"), pid_in(folder / "deaf")]
            keeper.send_signal(order)
            keeper.communicate(timeout=300)
        assert keeper.returncode == 0
        assert not any(is_alive(pid) for pid in pids)


def test_the_fall_of_one_child_ends_the_others(tmp_path):
    with keep(tmp_path, "sleeper", "fragile") as keeper:
        output, _ = keeper.communicate(timeout=300)
    assert keeper.returncode == 5
    assert "fragile s'est arrêté (code 7)." in output
    if (tmp_path / "sleeper").exists():
        assert not is_alive(pid_in(tmp_path / "sleeper"))


def test_a_child_that_may_restart_does_so_five_times(tmp_path):
    with keep(tmp_path, "stubborn") as keeper:
        output, _ = keeper.communicate(timeout=300)
    assert keeper.returncode == 5
    assert (tmp_path / "stubborn").read_text() == "x" * 6
    assert output.count("il repart") == 5


def test_children_end_even_when_their_keeper_is_killed_outright(tmp_path):
    with keep(tmp_path, "sleeper") as keeper:
        pid = pid_in(tmp_path / "sleeper")
        os.kill(keeper.pid, signal.SIGKILL)
        keeper.communicate(timeout=300)
    wait_for(lambda: not is_alive(pid))
