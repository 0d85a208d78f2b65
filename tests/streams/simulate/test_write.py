"""The files: the same bytes for the same settings, whatever the hash seed."""

import gzip
import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from streams.simulate.settings import Simulation
from streams.simulate.write import write

SCRIPT = """
import sys
from pathlib import Path
from streams.simulate.settings import Disorder, Simulation
from streams.simulate.write import write
disorder = Disorder(duplicates=.01, malformed=.01)
write(Simulation(seed=9, days=3, rate=0.5, disorder=disorder), Path(sys.argv[1]))
"""
FILES = ("events.jsonl.gz", "registry.json", "truth.json")


def digests(out: Path) -> list[str]:
    return [sha256((out / name).read_bytes()).hexdigest() for name in FILES]


def test_same_seed_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    found = []
    for hash_seed in ("0", "4711"):
        out = tmp_path / hash_seed
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", SCRIPT, str(out)], check=True, env=environment)
        found.append(digests(out))
    assert found[0] == found[1]


def test_another_seed_is_another_floor(tmp_path: Path) -> None:
    for seed in (1, 2):
        write(Simulation(seed=seed, days=1, rate=0.3), tmp_path / str(seed))
    assert digests(tmp_path / "1")[0] != digests(tmp_path / "2")[0]


def test_the_count_is_what_is_in_the_file(tmp_path: Path) -> None:
    written = write(Simulation(seed=1, days=3, rate=0.5), tmp_path)
    with gzip.open(tmp_path / "events.jsonl.gz") as lines:
        assert sum(1 for _ in lines) == written.records
    labels = json.loads((tmp_path / "truth.json").read_text())
    assert len(labels["windows"]) == written.windows > 0
    assert set(json.loads((tmp_path / "registry.json").read_text())["tenants"]) == set(labels["tenants"])
