"""A standalone Spark cluster on 127.0.0.1: a master and workers as processes that it starts and ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pyspark

TIMEOUT_SECONDS = 300
SPARK = Path(pyspark.__file__).parent
BIN = Path(sys.executable).parent


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(condition, what: str):
    """Its first result that is not false."""
    end = time.monotonic() + TIMEOUT_SECONDS
    while not (result := condition()):
        assert time.monotonic() < end, f"timed out: {what}"
        time.sleep(0.05)
    return result


def system_path(*folders: Path) -> str:
    """A PATH with these folders, and without any jm-annotate of this machine."""
    found = os.environ["PATH"].split(":")
    return ":".join([*map(str, folders), *(at for at in found if not Path(at, "jm-annotate").exists())])


class Cluster:
    """A master, and as many workers with one core each as are started."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.processes, self.workers = folder, [], []
        self.environment = {
            **os.environ, "PATH": system_path(), "SPARK_HOME": str(SPARK), "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "256m", "SPARK_LOCAL_DIRS": str(folder / "local"),
            "PYSPARK_PYTHON": sys.executable, "PYTHONDONTWRITEBYTECODE": "1",
            # The jobs are short: to start fast counts more than to run fast.
            "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        }
        port = free_port()
        self.master = f"spark://127.0.0.1:{port}"
        self.log = self.start("Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
        wait_for(lambda: "I have been elected leader" in self.log.read_text(), "the master")

    def start(self, role: str, *arguments: str) -> Path:
        log = self.folder / f"{role}-{len(self.processes)}.log"
        command = [SPARK / "bin/spark-class", f"org.apache.spark.deploy.{role.lower()}.{role}", *arguments]
        with log.open("w") as output:
            self.processes.append(subprocess.Popen(
                command, env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True))
        return log

    def start_worker(self) -> None:
        before = self.log.read_text().count("Registering worker")
        self.start("Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0",
                   "--work-dir", str(self.folder / f"work-{len(self.processes)}"), self.master)
        self.workers.append(self.processes[-1])
        wait_for(lambda: self.log.read_text().count("Registering worker") > before, "a worker")

    def kill_worker(self) -> None:
        """With its executor, which is in its process group."""
        worker = self.workers.pop(0)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def submit(self, *arguments: str, cwd: Path, **environment: str) -> subprocess.Popen:
        command = [BIN / "spark-submit", "--master", self.master, "--executor-memory", "512m",
                   "--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=2", *arguments]
        return subprocess.Popen(
            command, env={**self.environment, **environment}, cwd=cwd, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
