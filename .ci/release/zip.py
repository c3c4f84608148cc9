"""Writes a zip whose bytes depend on the names and contents of files alone: zip.py ZIP PREFIX DIRECTORY FILE..."""

import os
import sys
import time
import zipfile
from pathlib import Path


def main(target: str, prefix: str, directory: str, *files: str) -> None:
    root = Path(directory)
    named = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    named.update({Path(file).name: Path(file) for file in files})
    moment = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        # A reader of a jar that is a stream wants the manifest first.
        for name in sorted(named, key=lambda one: (one != "META-INF/MANIFEST.MF", one)):
            entry = zipfile.ZipInfo(prefix + name, moment)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, named[name].read_bytes())


main(*sys.argv[1:])
