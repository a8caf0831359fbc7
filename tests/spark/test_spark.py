"""docs/spark on a real cluster: its rows and files are those of the program, whatever fails."""

import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pyarrow.parquet as pq
from pyarrow import fs
from pyspark import SparkFiles
from pyspark.sql import Row

from cluster import BIN, Cluster, free_port, system_path, wait_for
from inputs import make

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "docs/spark/jm_annotate_spark.py"
PAGE = ROOT / "docs/spark/README.md"
DYNAMIC, STATIC = Path(os.environ["JM_ANNOTATE_DYNAMIC"]), Path(os.environ["JM_ANNOTATE_STATIC"])
HAS_MOTO = importlib.util.find_spec("moto") is not None
CATALOG = (ROOT / "docs/catalog.md").read_text().split("```tsv\n")[1].split("```")[0]
# Of the memory of a process that streams a log of 256 MiB.
PEAK_GROWTH_MIB_MAX = 100

sys.path.insert(0, str(SCRIPT.parent))


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path.parent


def run_program(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([DYNAMIC, *arguments], stdin=subprocess.DEVNULL, capture_output=True)


def own_rows(files: list[Path]) -> list[str]:
    """What one process finds in the files, sorted."""
    lines = run_program("--format", "json", *map(str, files)).stdout.splitlines()
    return sorted(json.dumps(json.loads(line), sort_keys=True) for line in lines)


def rows(table: Path) -> list[str]:
    """The rows of a job, sorted, without the path."""
    found = pq.read_table(table).to_pylist()
    assert all(row["file"].startswith(row["path"]) for row in found)
    return sorted(json.dumps({name: row[name] for name in row if name != "path"}, sort_keys=True)
                  for row in found)


def job_errors(table: Path) -> dict[str, str]:
    return {row["path"]: row["error"] for row in pq.read_table(table).to_pylist()}


class Alone(unittest.TestCase):
    """What needs no cluster."""

    @classmethod
    def setUpClass(cls) -> None:
        import jm_annotate_spark
        cls.module = jm_annotate_spark
        cls.work = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.work.cleanup)
        cls.folder = Path(cls.work.name)
        make(cls.folder)
        SparkFiles._root_directory, SparkFiles._is_running_on_worker = str(DYNAMIC.parent), True

    def names(self, *paths: str) -> set[str]:
        files = self.module._files([f"{self.folder}/{path}" for path in paths])
        return {os.path.relpath(file, self.folder) for file in files}

    def test_paths_are_files_folders_and_patterns(self) -> None:
        self.assertEqual(self.names("good/log.?z"), {"good/log.gz", "good/log.xz"})
        self.assertEqual(self.names("*/*.gz"), {"good/log.gz", "bad/cut.gz"})
        self.assertEqual(self.names("good/50% #1? [1].log"), {"good/50% #1? [1].log"})
        self.assertEqual(self.names("bad", "*d/cut.gz", "bad/"),
                         {"bad/cut.gz", "bad/archive.7z", "bad/member.zip", "bad/without-sizes.zip"})
        for path in ["*.gz", "good/none.gz", "nowhere/*.gz"]:
            with self.assertRaisesRegex(FileNotFoundError, "there is no such file"):
                self.names(path)

    def test_the_name_of_a_folder_may_look_like_a_pattern(self) -> None:
        folder = self.folder / "build [1]?"
        (folder / "a").mkdir(parents=True)
        self.addCleanup(shutil.rmtree, folder)
        (folder / "a/x.log").touch()
        self.assertEqual(self.names("build [1]?"), {"build [1]?/a/x.log"})

    def test_a_uri_may_end_with_a_slash(self) -> None:
        self.assertEqual(set(self.module._files([f"file://{self.folder}/bad/"])),
                         {str(file) for file in (self.folder / "bad").iterdir()})

    def test_a_file_with_two_names_is_read_once(self) -> None:
        folder = self.folder / "links"
        (folder / "2026-03-17").mkdir(parents=True)
        self.addCleanup(shutil.rmtree, folder)
        (folder / "2026-03-17/x.log").touch()
        (folder / "latest").symlink_to("2026-03-17")
        (folder / "current.log").symlink_to("2026-03-17/x.log")
        self.assertEqual(len(self.names("links", "links/*.log")), 1)
        self.assertEqual(len(self.module._files([f"file://{folder}", str(folder)])), 1)

    def test_a_pattern_does_not_look_where_nothing_can_match(self) -> None:
        selectors = []
        filesystem = mock.Mock(
            type_name="s3", get_file_info=lambda at: selectors.append(at) or [] if isinstance(
                at, fs.FileSelector) else fs.FileInfo(at, fs.FileType.NotFound))
        for name, want in [("logs/2026/*.gz", ("logs/2026", False)), ("logs/*/x.gz", ("logs", True))]:
            with mock.patch.object(self.module, "_located", return_value=(filesystem, name)):
                self.assertRaises(FileNotFoundError, self.module._files, [f"s3a://{name}"])
            self.assertEqual((selectors[-1].base_dir, selectors[-1].recursive), want)

    def test_the_largest_file_is_first(self) -> None:
        sizes = [os.path.getsize(file) for file in self.module._files([str(self.folder)])]
        self.assertEqual(sizes, sorted(sizes, reverse=True))

    def test_a_file_that_is_gone_is_an_error_of_its_own(self) -> None:
        found = [row for batch in self.module._codes("/nowhere/x.log") for row in batch.to_pylist()]
        self.assertEqual(len(found), 1)
        self.assertIn("/nowhere/x.log: ", found[0]["error"])

    def test_a_source_that_fails_is_an_error_whatever_fails(self) -> None:
        for fault in [OSError("gone"), ValueError("gone"), BrokenPipeError(32, "gone")]:
            source = mock.MagicMock(spec=io.RawIOBase)
            source.__enter__.return_value.read.side_effect = [b"code=871300\n", fault]
            filesystem = mock.Mock(open_input_stream=lambda *_, source=source: source)
            with self.subTest(fault), mock.patch.object(
                    self.module, "_located", return_value=(filesystem, "x.log")):
                found = [row for batch in self.module._codes("x.log") for row in batch.to_pylist()]
                self.assertEqual([row["code"] for row in found], [871300, None])
                self.assertRegex(found[1]["error"], "^x.log: .*gone$")

    def rows_with(self, text: str, file: str = "good/log.gz", *options: str) -> list[dict]:
        """What comes of a file with a program that is a script."""
        at = program(self.folder / "other/jm-annotate", text.replace("$JM", str(DYNAMIC)))
        SparkFiles._root_directory = str(at)
        self.addCleanup(setattr, SparkFiles, "_root_directory", str(DYNAMIC.parent))
        batches = self.module._codes(str(self.folder / file), *options)
        return [row for batch in batches for row in batch.to_pylist()]

    def test_whatever_status_a_program_ends_with_is_an_error(self) -> None:
        for text, want in [("echo libc.so.6: version GLIBC_2.38 not found >&2; exit 1", "GLIBC"),
                           ("exit 1", "status 1"), ("exit 137", "status 137"),
                           ("kill -ABRT $$", "status -6")]:
            with self.subTest(text):
                found = self.rows_with(f"cat > /dev/null; {text}")
                self.assertEqual(len(found), 1)
                self.assertIn(want, found[0]["error"])

    def test_what_fail_on_finds_is_an_error_of_the_file(self) -> None:
        *found, error = self.rows_with('exec $JM "$@"', "good/plain.log", "--fail-on", "any")
        self.assertGreater(len(found), 0)
        self.assertIn("--fail-on: ", error["error"])

    def test_an_error_names_the_file_in_a_zip(self) -> None:
        error = self.rows_with('exec $JM "$@"', "bad/member.zip")[-1]["error"]
        self.assertTrue(error.startswith(f"{self.folder}/bad/member.zip/one.log: "), error)

    def annotated(self, paths: list[str], late: Callable = lambda run, path: None,
                  spark: mock.Mock = mock.Mock()) -> Path:
        """The output of `annotate` without Spark; `late` is what goes on after a file is done."""
        def each_file(_, paths: list[str], run: Callable, schema) -> mock.Mock:
            done = [Row(**row) for path in paths for batch in run(path) for row in batch.to_pylist()]
            for path in paths:
                late(run, path)
            return mock.Mock(collect=lambda: done, schema=schema)

        output = Path(tempfile.mkdtemp(dir=self.folder))
        self.addCleanup(shutil.rmtree, output)
        with mock.patch.object(self.module, "_each_file", each_file):
            self.module.annotate(spark, paths, str(output))
        return output

    def test_a_run_that_does_not_count_does_not_touch_the_output(self) -> None:
        """Spark has given it up, or has started it a second time, and then its source fails."""
        path = str(self.folder / "good/plain.log")
        part = Path(path).read_bytes()[:100]

        def late(run: Callable, path: str) -> None:
            source = mock.MagicMock(spec=io.RawIOBase)
            source.__enter__.return_value.read.side_effect = [part, OSError("gone")]
            with mock.patch.object(fs.LocalFileSystem, "open_input_stream", lambda *_: source, create=True):
                list(run(path))

        class Local(fs.LocalFileSystem):
            """Can be patched, which the original cannot."""

        with mock.patch.object(fs, "LocalFileSystem", Local):
            output = self.annotated([path], late)
        self.assertEqual((output / f"{path[1:]}.annotated.log").read_bytes(), run_program(path).stdout)
        self.assertEqual(len(list(output.iterdir())), 1, "nothing temporary is left")

    def test_no_two_files_have_one_output(self) -> None:
        paths = [f"{self.folder}/{name}.log" for name in ["a:/b", "a/b", "ab"]]
        for path in paths:
            Path(path).parent.mkdir(exist_ok=True)
            Path(path).write_text(path)
            self.addCleanup(os.remove, path)
        output = self.annotated(paths)
        for path in paths:
            self.assertEqual((output / f"{path[1:]}.annotated.log").read_text(), path)

    def test_an_output_that_cannot_be_written_is_an_error_of_its_file(self) -> None:
        paths = [str(self.folder / "good/plain.log"), f"{self.folder}/{'x' * 250}.log"]
        shutil.copy(*paths)
        self.addCleanup(os.remove, paths[1])
        spark = mock.Mock()
        output = self.annotated(paths, spark=spark)
        self.assertTrue((output / f"{paths[0][1:]}.annotated.log").exists())
        first, second = spark.createDataFrame.call_args[0][0]
        self.assertEqual(first, (paths[0], f"{output}{paths[0]}.annotated.log", None))
        self.assertEqual(second[:2], (paths[1], None))
        self.assertIn("x.log.annotated.log: ", second[2])

    def test_a_program_that_is_killed_is_not_an_error_of_the_file(self) -> None:
        at = program(self.folder / "killed/jm-annotate", "kill -9 $$")
        SparkFiles._root_directory = str(at)
        self.addCleanup(setattr, SparkFiles, "_root_directory", str(DYNAMIC.parent))
        with self.assertRaisesRegex(RuntimeError, "ended by signal 9"):
            list(self.module._codes(str(self.folder / "good/log.gz")))

    def test_rows_that_nobody_wants_end_the_program(self) -> None:
        batches = self.module._codes(str(self.folder / "good/dense.log"))
        next(batches)
        batches.close()

    def test_memory_does_not_grow_with_the_file(self) -> None:
        big = self.folder / "big.log"
        with big.open("wb") as output:
            for _ in range(256):
                output.write((b"x" * 1023 + b"\n") * 1023 + b"responseCode = 871300\n")
        self.addCleanup(big.unlink)
        script = f"""
            import os, resource, sys
            sys.path.insert(0, {str(SCRIPT.parent)!r})
            from pyspark import SparkFiles
            import jm_annotate_spark as module
            SparkFiles._root_directory, SparkFiles._is_running_on_worker = {str(DYNAMIC.parent)!r}, True
            peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            list(module._codes({str(self.folder / "good/log.gz")!r}))
            before = peak()
            print(sum(len(batch) for batch in module._codes({str(big)!r})), peak() - before, flush=True)
            os._exit(0)  # As Spark's workers do, whatever threads of PyArrow there still are.
        """
        output = subprocess.check_output([sys.executable, "-c", textwrap.dedent(script)], text=True)
        count, growth = map(int, output.split())
        self.assertEqual(count, 256)
        self.assertLess(growth, PEAK_GROWTH_MIB_MAX)

    def test_the_script_stays_short(self) -> None:
        self.assertLess(len(SCRIPT.read_text().splitlines()), 200)


class OnACluster(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        work = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        cls.addClassCleanup(work.cleanup)
        cls.folder = Path(work.name)
        make(cls.folder)
        cls.good, cls.bad = (sorted((cls.folder / name).iterdir()) for name in ["good", "bad"])
        if HAS_MOTO:
            cls.start_store()
        cls.cluster = Cluster(cls.folder)
        cls.addClassCleanup(cls.cluster.stop)
        cls.cluster.start_worker()
        cls.cluster.start_worker()

    @classmethod
    def start_store(cls) -> None:
        """An S3 that only this test knows."""
        port = free_port()
        server = subprocess.Popen([BIN / "moto_server", "-H", "127.0.0.1", "-p", str(port)],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.terminate)
        os.environ |= {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_REGION": "us-east-1",
                       "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
                       "AWS_EC2_METADATA_DISABLED": "true"}

        def store() -> fs.FileSystem | None:
            try:
                store, bucket = fs.FileSystem.from_uri("s3://logs/?allow_bucket_creation=true")
                store.create_dir(bucket, recursive=False)
                return store
            except OSError:
                return None

        cls.store = wait_for(store, "the S3 server")

    def setUp(self) -> None:
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.place = Path(work.name)

    @staticmethod
    def shown(output: str) -> str:
        """What is not a mere notice of Spark."""
        return "\n".join(line for line in output.splitlines() if " INFO " not in line)[-6000:]

    def job(self, *arguments: str, want: int = 0, **environment: str) -> str:
        process = self.cluster.submit(*arguments, cwd=self.place, **environment)
        output = process.communicate()[0]
        self.assertEqual(process.returncode, want, self.shown(output))
        return output

    def on_path(self, text: str = "") -> list[str]:
        """Options that put the program on the workers' PATH, behind a script if there is one."""
        if not text:
            return ["--conf", f"spark.executorEnv.PATH={system_path(DYNAMIC.parent)}"]
        text = text.replace("$JM", str(DYNAMIC)).replace("$PLACE", str(self.place))
        return ["--conf", f"spark.executorEnv.PATH={system_path(program(self.place / 'bin/jm-annotate', text))}"]

    def test_rows_and_errors_are_those_of_one_process_in_one_pass(self) -> None:
        counted = self.on_path('echo >> $PLACE/runs\nexec $JM "$@"')
        self.job(*counted, str(SCRIPT), "codes", f"{self.folder}/good", f"{self.folder}/bad/*",
                 "--output", "codes.parquet")
        piped = self.folder / "bad/without-sizes.zip"
        files = [file for file in [*self.good, *self.bad] if file != piped]
        self.assertEqual(rows(self.place / "codes.parquet"), own_rows(files))
        errors = job_errors(self.place / "codes.errors.parquet")
        self.assertEqual(set(errors), set(map(str, self.bad)))
        for file in set(self.bad) - {piped}:
            own = run_program("--format", "json", str(file)).stderr.decode().strip()
            self.assertEqual(errors[str(file)], re.sub("(?m)^jm-annotate: ", "", own))
        self.assertIn("not through a pipe", errors[str(piped)])
        self.assertEqual((self.place / "runs").read_text(), "\n" * len([*self.good, *self.bad]))

    def test_annotated_files_are_those_of_the_program(self) -> None:
        self.job("--files", str(STATIC), str(SCRIPT), "annotate", f"{self.folder}/good",
                 f"{self.folder}/bad/cut.gz", "--output", "out")
        for file in [*self.good, self.folder / "bad/cut.gz"]:
            output = self.place / f"out/{str(file).lstrip('/')}.annotated.log"
            self.assertEqual(output.read_bytes(), run_program(str(file)).stdout, file)
        written = [path for path in (self.place / "out").rglob("*") if path.is_file()]
        self.assertEqual(len([path for path in written if path.suffix == ".log"]), len(self.good) + 1)
        self.assertEqual([path.name for path in (self.place / "out").iterdir()],
                         [self.folder.parts[1]], "nothing temporary is left")
        self.assertEqual(list(job_errors(self.place / "out.errors")), [str(self.folder / "bad/cut.gz")])
        self.job("--files", str(STATIC), str(SCRIPT), "annotate", f"{self.folder}/good/log.gz",
                 "--output", "out")
        self.assertEqual(job_errors(self.place / "out.errors"), {}, "of the second job")

    def test_options_go_to_the_program(self) -> None:
        (self.place / "gbk.log").write_bytes("E/聊天: 错误码：871300\nE/Cart: errorCode = 730042\n".encode("gbk"))
        (self.place / "shop.tsv").write_text(CATALOG)
        self.job("--files", f"{STATIC},shop.tsv", str(SCRIPT), "annotate", "gbk.log", "--output", "out",
                 "--encoding=gbk", "--lang=en", "--catalog=shop.tsv")
        output = self.place / f"out/{self.place}/gbk.log.annotated.log"
        own = run_program("--encoding=gbk", "--lang=en", f"--catalog={self.place}/shop.tsv",
                          str(self.place / "gbk.log")).stdout
        self.assertIn(b"Cart expired", own)
        self.assertEqual(output.read_bytes(), own)

    def test_a_missing_program_is_one_line(self) -> None:
        output = self.job(str(SCRIPT), "codes", f"{self.folder}/good/log.gz", "--output", "x", want=1)
        self.assertRegex(
            self.shown(output), r"(?m)^jm_annotate_spark: no jm-annotate on worker \S+: use --files or PATH$")

    def test_a_missing_file_is_one_line(self) -> None:
        output = self.job(str(SCRIPT), "codes", "none.gz", "--output", "x", want=1)
        self.assertIn("\njm_annotate_spark: none.gz: there is no such file", self.shown(output))

    def test_a_run_that_fails_halfway_doubles_no_rows(self) -> None:
        """The first run on each worker's file writes some rows and is killed."""
        halfway = """
            $JM "$@" > $PLACE/$$.out
            if mkdir $PLACE/$(cksum < $PLACE/$$.out | tr ' ' -).tried 2>/dev/null; then
                head -n 5 $PLACE/$$.out
                kill -9 $$
            fi
            cat $PLACE/$$.out"""
        self.job(*self.on_path(halfway), str(SCRIPT), "codes", f"{self.folder}/good/log*",
                 "--output", "codes.parquet")
        files = [file for file in self.good if file.name.startswith("log")]
        self.assertGreater(len(list(self.place.glob("*.out"))), len(files))
        self.assertEqual(rows(self.place / "codes.parquet"), own_rows(files))

    def test_errors_are_of_the_run_whose_codes_are_written(self) -> None:
        """The first run fails in the middle, as with a store that is gone for a moment. Then the
        workers die with their rows, as soon as the codes are written."""
        failing = """
            $JM "$@" > $PLACE/$$.out
            head -n 5 $PLACE/$$.out
            mkdir $PLACE/failed && echo a moment >&2 && exit 2
            tail -n +6 $PLACE/$$.out"""
        process = self.cluster.submit(*self.on_path(failing), str(SCRIPT), "codes",
                                      f"{self.folder}/good/log.gz", "--output", "codes.parquet",
                                      cwd=self.place)
        written = self.place / "codes.parquet/_SUCCESS"
        wait_for(lambda: process.poll() is not None or written.exists(), "the codes")
        for _ in range(2):
            self.cluster.kill_worker()
        for _ in range(2):
            self.cluster.start_worker()
        text = process.communicate()[0]
        self.assertEqual(process.returncode, 0, self.shown(text))
        self.assertEqual(len(rows(self.place / "codes.parquet")), 5)
        self.assertEqual(job_errors(self.place / "codes.errors.parquet"),
                         {str(self.folder / "good/log.gz"): "a moment"})

    def test_a_worker_that_dies_changes_nothing(self) -> None:
        """Each run stops after its first rows until the gate opens; a worker dies before that."""
        waiting = """
            $JM "$@" > $PLACE/$$.out
            head -n 5 $PLACE/$$.out
            touch $PLACE/$$.started
            until [ -e $PLACE/gate ]; do sleep 0.1; done
            tail -n +6 $PLACE/$$.out"""
        for action, output in [("codes", "codes.parquet"), ("annotate", "out")]:
            with self.subTest(action):
                for old in [*self.place.glob("*.started"), *self.place.glob("gate")]:
                    old.unlink()
                process = self.cluster.submit(*self.on_path(waiting), str(SCRIPT), action,
                                              f"{self.folder}/good", "--output", output, cwd=self.place)
                # The workers have one core each, so each of them has a run.
                wait_for(lambda: process.poll() is not None or len(list(self.place.glob("*.started"))) > 1,
                         "two runs")
                self.cluster.kill_worker()
                (self.place / "gate").touch()
                text = process.communicate()[0]
                self.assertEqual(process.returncode, 0, self.shown(text))
                self.assertGreater(len(list(self.place.glob("*.started"))), len(self.good))
                self.cluster.start_worker()
        self.assertEqual(rows(self.place / "codes.parquet"), own_rows(self.good))
        for file in self.good:
            written = self.place / f"out/{str(file).lstrip('/')}.annotated.log"
            self.assertEqual(written.read_bytes(), run_program(str(file)).stdout, file)
        self.assertEqual(len(list((self.place / "out").iterdir())), 1, "nothing temporary is left")

    @unittest.skipUnless(HAS_MOTO, "moto could not be installed")
    def test_files_in_s3_are_read_and_written_there(self) -> None:
        for file in self.good:
            with self.store.open_output_stream(f"logs/day 1/{file.name}", compression=None) as stream:
                stream.write(file.read_bytes())
        self.job("--files", str(STATIC), str(SCRIPT), "codes", "s3a://logs/day 1/*",
                 "--output", "codes.parquet")
        found = [row.replace("s3a://logs/day 1", str(self.folder / "good"))
                 for row in rows(self.place / "codes.parquet")]
        self.assertEqual(sorted(found), own_rows(self.good))
        script = program(self.place / "annotate.py", "").joinpath("annotate.py")
        script.write_text("from pyspark.sql import SparkSession\nfrom jm_annotate_spark import annotate\n"
                          "spark = SparkSession.builder.getOrCreate()\n"
                          "annotate(spark, ['s3a://logs/day 1/'], 's3a://logs/out/')\n")
        self.job("--files", str(STATIC), str(script), PYTHONPATH=str(SCRIPT.parent))
        for file in self.good:
            with self.store.open_input_stream(
                    f"logs/out/s3a/logs/day 1/{file.name}.annotated.log", compression=None) as stream:
                self.assertEqual(stream.read(), run_program(str(file)).stdout, file)

    def summary(self, path: Path) -> list[list]:
        """The rows of the summary of the codes in a folder."""
        script = program(self.place / "summary.py", "").joinpath("summary.py")
        script.write_text(
            "import json\nfrom pyspark.sql import SparkSession\nfrom jm_annotate_spark import codes, summary\n"
            f"found = codes(SparkSession.builder.getOrCreate(), [{str(path)!r}])\n"
            "print('summary', json.dumps([list(row) for row in summary(found).collect()]))\n")
        output = self.job("--files", str(STATIC), str(script), PYTHONPATH=str(SCRIPT.parent))
        return json.loads(re.search("(?m)^summary (.*)$", output)[1])

    def test_the_summary_counts_every_code_once(self) -> None:
        want: dict[tuple, list[int]] = {}
        for row in map(json.loads, own_rows(self.good)):
            day = re.match(r"(\d{4}-)?\d\d-\d\d(?=[ T])", row["header"]["time"] or "")
            key = (day and day[0], row["family"], row["severity"], row["file"])
            want.setdefault(key, []).append(row["code"])
        found = self.summary(self.folder / "good")
        self.assertEqual({tuple(row[:4]): row[4:] for row in found}, {
            key: [len(codes), " ".join(map(str, sorted(set(codes))))] for key, codes in want.items()})
        self.assertEqual([row[4] for row in found], sorted((row[4] for row in found), reverse=True))

    def test_the_day_is_the_date_of_the_log_in_every_format(self) -> None:
        days = {
            "2026-03-17T16:13:38.811Z ": "2026-03-17", "2026-03-17 16:13:38,811 ": "2026-03-17",
            "2026/03/17 16:13:38 ": "2026/03/17", "26/03/17 16:13:38 ": "26/03/17",
            "03-17 16:13:38.811  1702  2395 E T: ": "03-17", "I0317 16:13:38.811000  1702 x.cc:1] ": "0317",
            "[0317/161338.811000:ERROR:x.cc(1)] ": "0317", "Mar 17 16:13:38 host app[1]: ": "Mar 17",
            "[Tue Mar 17 16:13:38 2026] ": "Tue Mar 17", "1773764018.811  1702  2395 E T: ": None,
            "[16:13:38] ": None, "": None,
        }
        folder = self.place / "days"
        folder.mkdir()
        for at, prefix in enumerate(days):
            (folder / f"{at:02}.log").write_text(f"{prefix}responseCode = 871300\n")
        found = {row[3]: row[0] for row in self.summary(folder)}
        self.assertEqual([found[file] for file in sorted(found)], list(days.values()))

    def test_every_block_of_the_page_runs(self) -> None:
        for name in ["2026-03-01", "2026-03-02"]:
            (self.place / "logs" / name).mkdir(parents=True)
            shutil.copy(self.folder / "good/log.gz", self.place / "logs" / name / "ci.gz")
        shutil.copy(SCRIPT, self.place)
        tools = program(self.place / "bin/pip", "exit 0")
        program(tools / "cargo", f'to=target/x86_64-unknown-linux-musl/release\nmkdir -p $to\ncp {STATIC} $to')
        program(tools / "aws", "exit 0")
        (tools / "jm-annotate").symlink_to(DYNAMIC)
        environment = {**self.cluster.environment, "PATH": system_path(tools, BIN), "MASTER": self.cluster.master,
                       "PYSPARK_SUBMIT_ARGS": f"--master {self.cluster.master} --executor-memory 512m "
                       f"--files {STATIC} pyspark-shell"}
        blocks = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
        self.assertGreater(len(blocks), 5)
        for language, text in blocks:
            if "s3a://" in text and not HAS_MOTO:
                print("skipped: a block with s3a://")
                continue
            if "s3a://" in text:
                with self.store.open_output_stream("logs/2026-03/ci.gz", compression=None) as stream:
                    stream.write((self.folder / "good/log.gz").read_bytes())
            text = text.replace("/opt/jm-annotate/bin", str(tools))
            command = {"sh": ["sh", "-ec", text], "python": [sys.executable, "-c", text]}[language]
            for old in [*self.place.glob("*.parquet"), *self.place.glob("annotated*")]:
                shutil.rmtree(old)
            done = subprocess.run(command, cwd=self.place, env=environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.assertEqual(done.returncode, 0, f"{text}\n{self.shown(done.stdout)}")


if __name__ == "__main__":
    unittest.main()
