"""Runs jm-annotate over more logs than one machine should read, with Apache Spark.

    from jm_annotate_spark import annotate, codes, errors, summary
    found = codes(spark, ["s3a://logs/2026-03/*.gz"])   # a row for each code in the logs
    summary(found).show()                               # by day, family, severity, and file
    errors(found).show(truncate=False)                  # a row for each file that failed
    annotate(spark, ["/data/ci"], "/data/annotated")    # the logs with explanations

A path is a file, a folder with all that is in it, or a pattern with `*`, `?`, and `[…]`, where
`pyarrow.fs` can open it. Spark hands out whole files, the largest first. A thread feeds each to the
program, which knows by itself how it is packed; memory holds a few blocks. Spark may repeat a task,
run it twice at once, or lose it with its worker: rows and files are those of one complete run.
"""

import argparse
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from threading import Thread
from typing import IO

import pyarrow as pa
from pyarrow import fs, json
from pyspark import SparkFiles
from pyspark.sql import DataFrame, Observation, Row, SparkSession, functions as F
from pyspark.sql.pandas.types import from_arrow_schema

BLOCK_BYTES = 1 << 20  # What a pipe holds at most, and many rows of JSON.
FETCH_BYTES = 8 << 20  # One request to an object store: its latency hardly counts.
MESSAGE_BYTES_MAX = 1 << 16  # Of standard error: a zip can have a line for each of its files.

TEXT, NUMBER = pa.string(), pa.int64()
HEADER = pa.struct(dict(time=TEXT, level=TEXT, tag=TEXT, pid=NUMBER, tid=NUMBER))
JSON = pa.schema(dict(file=TEXT, line=NUMBER, column=NUMBER, offset=NUMBER, code=NUMBER,
                      family=TEXT, severity=TEXT, message=TEXT, en=TEXT, zh=TEXT, header=HEADER))
ROW = pa.schema([pa.field("path", TEXT), *JSON, pa.field("error", TEXT)])  # A code or an error.
OUTPUT = pa.schema(dict(path=TEXT, output=TEXT, error=TEXT))
Batches = Iterator[pa.RecordBatch]


def codes(spark: SparkSession, paths: list[str], *options: str) -> DataFrame:
    """A row for each code: `path`, and the fields of `--format json`. Options go to the program."""
    rows = _each_file(spark, paths, lambda path: _codes(path, *options), ROW).persist()
    found = rows.where("error is null").drop("error")
    found._all_rows = rows
    return found


def errors(found: DataFrame) -> DataFrame:
    """The `path` and `error` of each file that failed, for what `codes` returned and persisted."""
    return found._all_rows.where("error is not null").select("path", "error")


def summary(found: DataFrame) -> DataFrame:
    """How many, and which codes, by day (as the log has it), family, severity, and file."""
    day = F.regexp_extract("header.time", r"^(.+?)[ T/]\d\d:?\d\d:?\d\d", 1)
    listed = F.concat_ws(" ", F.sort_array(F.collect_set("code")).cast("array<string>"))
    groups = found.groupBy(F.nullif(day, F.lit("")).alias("day"), "family", "severity", "file")
    counts = groups.agg(F.count("*").alias("count"), listed.alias("codes"))
    return counts.orderBy(F.desc("count"), *counts.columns)


def annotate(spark: SparkSession, paths: list[str], output: str, *options: str) -> DataFrame:
    """Writes `OUTPUT/PATH.annotated.log` for each file; returns `path`, `output`, and `error`."""
    output = output.rstrip("/") if "://" in output else os.path.abspath(output)
    filesystem, folder = _located(f"{output}/_temporary-{os.urandom(8).hex()}")

    def named(row: Row) -> tuple[str, str | None, str | None]:
        name = f"{output}/{row.path.replace('://', '/', 1).lstrip('/')}.annotated.log"
        try:
            filesystem.create_dir(os.path.dirname(_located(name)[1]))
            filesystem.move(row.output, _located(name)[1])
            return row.path, name, row.error
        except OSError as fault:  # Not a reason to lose the others.
            return row.path, None, f"{name}: {fault}"
    filesystem.create_dir(folder)
    try:
        run = lambda path: _annotate(path, output, folder, *options)
        done = _each_file(spark, paths, run, OUTPUT)
        with ThreadPoolExecutor() as pool:  # Not in the tasks: one that is given up may still run.
            return spark.createDataFrame(list(pool.map(named, done.collect())), done.schema)
    finally:
        filesystem.delete_dir(folder)


def _each_file(spark: SparkSession, paths: list[str], run: Callable, row: pa.Schema) -> DataFrame:
    spark.sparkContext.addPyFile(__file__)  # The workers import it, too.
    files = [[path] for path in _files(paths)]
    tasks = spark.createDataFrame(spark.sparkContext.parallelize(files, len(files)), "path string")
    return tasks.mapInArrow(lambda batches: (rows for batch in batches for path in batch["path"]
                                             for rows in run(path.as_py())), from_arrow_schema(row))


def _files(paths: list[str]) -> list[str]:
    """The files that the paths name, each once, the largest first."""
    found: dict[str, tuple[int, str]] = {}
    for path in paths:
        filesystem, name = _located(path)
        prefix = "" if filesystem.type_name == "local" else path.rstrip("/").removesuffix(name)
        info, depth = filesystem.get_file_info(name), name.count("/")
        folder = name if info.type == fs.FileType.Directory else re.sub("/[^/]*[*?[].*", "", name)
        selector = fs.FileSelector(folder, True, folder == name or folder.count("/") + 1 < depth)
        below = [info] if info.is_file else filesystem.get_file_info(selector)
        files = [(-info.size, prefix + info.path) for info in below if info.is_file and (name in (
            folder, info.path) or fnmatchcase(info.path, name) and info.path.count("/") == depth)]
        if not files:
            raise FileNotFoundError(f"{path}: there is no such file, and no file matches it")
        found |= {file[1] if prefix else os.path.realpath(file[1]): file for file in files}
    return [path for _, path in sorted(found.values())]


def _located(path: str) -> tuple[fs.FileSystem, str]:
    scheme, host, name = re.match(r"(?:(\w+)://([^/]*))?(.*)", path, re.DOTALL).groups()
    if scheme in (None, "file"):
        return fs.LocalFileSystem(), os.path.abspath(name)
    filesystem, root = fs.FileSystem.from_uri(f"{re.sub('^s3[an]$', 's3', scheme)}://{host}/")
    return filesystem, (root.rstrip("/") + name).rstrip("/") or "/"


def _run(path: str, read: Callable, *options: str) -> Generator[pa.RecordBatch, None, str | None]:
    """Yields what `read` makes of the program's output for the file; returns what went wrong."""
    def feed() -> None:
        try:
            with process.stdin, filesystem.open_input_stream(name, None, FETCH_BYTES) as source:
                shutil.copyfileobj(source, process.stdin, BLOCK_BYTES)
        except Exception as fault:  # Whatever it is: a file that ends here would look whole.
            faults.append(fault)
    (filesystem, name), faults, messages = _located(path), [], tempfile.TemporaryFile()
    root = os.path.abspath(SparkFiles.getRootDirectory())  # Where `--files` are.
    if not (program := shutil.which(f"{root}/jm-annotate") or shutil.which("jm-annotate")):
        raise RuntimeError(f"no jm-annotate on worker {os.uname().nodename}: use --files or PATH")
    process = subprocess.Popen([program, "--quiet", *options, "-"], cwd=root,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=messages)
    (feeder := Thread(target=feed, daemon=True)).start()  # In one thread, both sides could wait.
    try:
        yield from read(process.stdout)
        status = process.wait()
        feeder.join()
    finally:
        process.kill()
    if status in (-9, -15):  # SIGKILL, SIGTERM: not the file's fault, so Spark tries again.
        raise RuntimeError(f"{path}: jm-annotate was ended by signal {-status}")
    text = os.pread(messages.fileno(), MESSAGE_BYTES_MAX, 0).decode(errors="replace").strip()
    said = re.sub("(?m)^jm-annotate: (standard input|-(?=/))", lambda _: path, text)
    if faults and not (status and isinstance(faults[0], BrokenPipeError)):  # It says why.
        return f"{path}: {faults[0]}"
    return (said or f"{path}: jm-annotate ended with status {status}") if status else None


def _codes(path: str, *options: str) -> Batches:
    def read(stdout: IO[bytes]) -> Batches:
        reading, parsing = json.ReadOptions(block_size=BLOCK_BYTES), json.ParseOptions(JSON)
        for batch in json.open_json(stdout, reading, parsing) if stdout.peek(1) else ():
            files = [path + (file or "-")[1:] for file in batch["file"].to_pylist()]
            own = dict(path=[path] * len(batch), file=files, error=[None] * len(batch))
            yield pa.RecordBatch.from_pydict({name: batch[name] for name in JSON.names} | own, ROW)
    if error := (yield from _run(path, read, "--format", "json", *options)):
        yield pa.RecordBatch.from_pylist([{"path": path, "error": error}], ROW)


def _annotate(path: str, output: str, folder: str, *options: str) -> Batches:
    part = f"{folder}/{os.urandom(8).hex()}"
    with _located(output)[0].open_output_stream(part, None) as stream:
        copy = lambda stdout: shutil.copyfileobj(stdout, stream, BLOCK_BYTES) or ()
        error = yield from _run(path, copy, *options)
    yield pa.RecordBatch.from_pylist([{"path": path, "output": part, "error": error}], OUTPUT)


def main() -> None:
    parser = argparse.ArgumentParser(description="Other options, in one word, go to the program.")
    parser.add_argument("action", choices=["codes", "annotate"])
    parser.add_argument("paths", nargs="+", help="files, folders, or patterns")
    parser.add_argument("--output", required=True, help="codes: Parquet; annotate: a folder")
    job, options = parser.parse_known_args()
    spark = SparkSession.builder.appName("jm-annotate").getOrCreate()
    try:
        if job.action == "codes":
            seen = Observation()  # The errors of the very runs whose codes are written.
            failures = F.expr("collect_list(if(error is null, null, struct(path, error))) errors")
            rows = codes(spark, job.paths, *options)._all_rows.unpersist().observe(seen, failures)
            rows.where("error is null").drop("error").write.parquet(job.output, compression="zstd")
            failed = spark.createDataFrame(seen.get["errors"], "path string, error string")
        else:
            failed = annotate(spark, job.paths, job.output, *options).where("error is not null")
        table = "{}.errors{}".format(*os.path.splitext(job.output.rstrip("/")))
        failed.write.parquet(table, "overwrite", compression="zstd")
        print(f"jm_annotate_spark: {failed.count()} files failed")
    except Exception as fault:
        line = re.search("no jm-annotate on worker [^{].*|.*: there is no such file.*", str(fault))
        raise SystemExit(f"jm_annotate_spark: {line[0]}" if line else str(fault)) from None


if __name__ == "__main__":
    main()
