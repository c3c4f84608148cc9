"""Looks into what build made: check.py [--whole | --parts] VERSION OUT. Each file has the version, the
license, and nothing of the machine that made it; SHA256SUMS knows them all. Ends with 1 and a line for each
fault.

  --whole   none of the files of a release is missing
  --parts   the same but for the chart and the sums, which are made last; looks into none
"""

import gzip
import hashlib
import io
import json
import os
import re
import sys
import tarfile
import zipfile
from pathlib import Path

MODE = sys.argv.pop(1) if sys.argv[1].startswith("--") else None
if MODE not in (None, "--whole", "--parts"):
    sys.exit(f"check.py: no such option: {MODE}")
VERSION, OUT = sys.argv[1], Path(sys.argv[2])
NUMBER = VERSION.removesuffix("-SNAPSHOT")
PYTHON = NUMBER.replace("-rc.", "rc")
CHECKOUT = Path(__file__).resolve().parents[2]
LICENSE = (CHECKOUT / "LICENSE").read_bytes()
# Directories that this machine alone has: the checkout, Maven's, and where build works. The checkout only
# where its path could not be a word of a program.
PATHS = [str(Path.home() / ".m2")] + [str(CHECKOUT)] * (len(str(CHECKOUT)) >= 8)
MACHINE = re.compile(
    b"|".join(re.escape(path.encode()) for path in PATHS) + rb"|/tmp/tmp\.[A-Za-z0-9]{10}"
)

faults = []


def fault(file: str, what: str) -> None:
    faults.append(f"{file}: {what}")


def entries(name: str, data: bytes) -> dict[str, bytes]:
    """The files of an archive by name; of anything else, itself."""
    if name.endswith((".zip", ".whl", ".jar")):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {one: archive.read(one) for one in archive.namelist() if not one.endswith("/")}
    if name.endswith((".tar.gz", ".tgz", ".tar")):
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            return {one.name: archive.extractfile(one).read() for one in archive if one.isfile()}
    if data[:2] == b"\x1f\x8b":
        return {"": gzip.decompress(data)}
    return {"": data}


def look_for_the_machine(file: str, name: str, data: bytes) -> None:
    """Through archives in archives, as far as they are ours: libraries are as their makers left them."""
    inner = entries(name, data)
    for entry, content in inner.items():
        if found := MACHINE.search(content):
            fault(file, f"{entry or name} has the path {found.group().decode()}")
        if entry.endswith(".jar") and "/lib/main/" not in entry and "/lib/boot/" not in entry:
            look_for_the_machine(file, entry, content)


def expect(file: str, content: dict[str, bytes], entry: str, *texts: str) -> None:
    if entry not in content:
        fault(file, f"has no {entry}")
        return
    for text in texts:
        if text.encode() not in content[entry]:
            fault(file, f"{entry} does not say {text!r}")


def expect_license(file: str, content: dict[str, bytes]) -> None:
    if LICENSE not in content.values():
        fault(file, "has no LICENSE")


def check_service(file: str, content: dict[str, bytes], root: str) -> None:
    jar = f"{root}/lib/app/dueline-{VERSION}.jar"
    if jar in content:
        manifest = {"manifest": entries(jar, content[jar])["META-INF/MANIFEST.MF"]}
        expect(file, manifest, "manifest", f"Implementation-Version: {VERSION}")
    else:
        fault(file, f"has no {jar}")
    expect(file, content, f"{root}/bin/dueline", "quarkus-run.jar")
    expect_program(file, content, root)


def expect_program(file: str, content: dict[str, bytes], root: str) -> None:
    expect(file, content, f"{root}/THIRD-PARTY.txt", "io.grpc:grpc-core", "Apache-2.0")
    for shell in ("bash", "zsh", "fish"):
        expect(file, content, f"{root}/completions/dueline.{shell}", "dueline", "schedule")


def check_image(file: str, content: dict[str, bytes]) -> None:
    """That it says what it is, and runs as nobody in particular."""

    def blob(descriptor: dict) -> dict:
        return json.loads(content["blobs/" + descriptor["digest"].replace(":", "/")])

    manifest = blob(json.loads(content["index.json"])["manifests"][0])
    config = blob(manifest["config"])["config"]
    if config["Labels"].get("org.opencontainers.image.version") != VERSION:
        fault(file, "has no label with the version")
    if config.get("User") != "10001:10001":
        fault(file, "runs as another user than 10001")


def check_chart(file: str, content: dict[str, bytes]) -> None:
    expect(file, content, "dueline/Chart.yaml", f"\nversion: {NUMBER}\n", f"\nappVersion: {VERSION}\n")
    if any(name.startswith("dueline/ci/") for name in content):
        fault(file, "has the values of tests")
    images = [OUT / name for name in os.listdir(OUT) if "-image-jvm-" in name]
    if images and b'digest: "sha256:' not in content["dueline/values.yaml"]:
        fault(file, "asks for no digest, though there is an image")


def check_sbom(file: str, content: dict[str, bytes]) -> None:
    document = json.loads(content[""])
    component = document["metadata"]["component"]
    if (component["name"], component["version"]) != ("dueline", VERSION):
        fault(file, f"is of {component['name']} {component['version']}")
    if not any(one["name"] == "grpc-core" for one in document["components"]):
        fault(file, "does not name grpc-core")


def check(file: str, content: dict[str, bytes]) -> None:
    ours = f"dueline-{VERSION}"
    if file == f"{ours}-jvm.tar.gz":
        check_service(file, content, f"{ours}-jvm")
    elif re.fullmatch(re.escape(ours) + r"-linux-\w+\.tar\.gz", file):
        root = file.removesuffix(".tar.gz")
        expect(file, content, f"{root}/dueline", VERSION)
        expect_program(file, content, root)
    elif re.fullmatch(re.escape(ours) + r"-image-(jvm|native)-linux-\w+\.oci\.tar", file):
        return check_image(file, content)
    elif file == f"dueline-chart-{VERSION}.tgz":
        check_chart(file, content)
    elif file == f"{ours}-sbom.cdx.json":
        return check_sbom(file, content)
    elif file == f"{ours}-completions.tar.gz":
        for shell in ("bash", "zsh", "fish"):
            expect(file, content, f"{ours}-completions/dueline.{shell}", "dueline", "schedule")
    elif file == f"{ours}-contract.zip":
        expect(file, content, "dueline/v1/scheduler.proto", "service SchedulerService")
        if foreign := [name for name in content if not name.startswith(("dueline/", "LICENSE"))]:
            fault(file, f"has {', '.join(foreign)}")
    elif file == f"{ours}-contract.binpb":
        return expect(file, content, "", "SchedulerService", "google/protobuf/timestamp.proto")
    elif file == f"dueline-{PYTHON}-py3-none-any.whl":
        expect(file, content, f"dueline-{PYTHON}.dist-info/METADATA", f"\nVersion: {PYTHON}\n")
        expect(file, content, "dueline/v1/scheduler_pb2_grpc.py", "class SchedulerServiceStub")
    elif file == f"dueline-{PYTHON}.tar.gz":
        expect(file, content, f"dueline-{PYTHON}/PKG-INFO", f"\nVersion: {PYTHON}\n")
        expect(file, content, f"dueline-{PYTHON}/src/dueline/v1/scheduler_pb2.py", "DESCRIPTOR")
    elif file == f"dueline-node-{VERSION}.tgz":
        expect(file, content, "package/package.json", f'"version": "{NUMBER}"')
        expect(file, content, "package/dist/src/index.d.ts", "connect")
        expect(file, content, "package/dist/gen/dueline/v1/scheduler.js", "SchedulerService")
    elif file == f"dueline-go-{VERSION}.zip":
        expect(file, content, f"dueline.dev/go@v{VERSION}/go.mod", "module dueline.dev/go")
    elif file == f"dueline-client-{VERSION}.jar":
        expect(file, content, "dev/dueline/client/producer/Producer.class")
        expect(file, content, "dev/dueline/v1/SchedulerServiceGrpc.class")
    elif file == f"dueline-client-{VERSION}.pom":
        return expect(file, content, "", f"<version>{VERSION}</version>", "Apache-2.0")
    elif file == f"{ours}-notes.md":
        return expect(file, content, "", "### Added")
    else:
        return fault(file, f"is not of {VERSION}")
    expect_license(file, content)


def names() -> set[str]:
    """The files of a release, but for the sums, as docs/releases.md has them."""
    ours = f"dueline-{VERSION}"
    binaries = [f"{ours}-linux-{arch}.tar.gz" for arch in ("amd64", "arm64")]
    images = [
        f"{ours}-image-{kind}-linux-{arch}.oci.tar"
        for kind in ("jvm", "native")
        for arch in ("amd64", "arm64")
    ]
    service = ["jvm.tar.gz", "completions.tar.gz", "sbom.cdx.json", "notes.md"]
    contract = ["contract.zip", "contract.binpb"]
    clients = [f"dueline-{PYTHON}-py3-none-any.whl", f"dueline-{PYTHON}.tar.gz"]
    clients += [f"dueline-node-{VERSION}.tgz", f"dueline-go-{VERSION}.zip"]
    clients += [f"dueline-client-{VERSION}.jar", f"dueline-client-{VERSION}.pom"]
    return {
        f"dueline-chart-{VERSION}.tgz",
        *binaries,
        *images,
        *(f"{ours}-{part}" for part in service + contract),
        *clients,
    }


def check_names(found: set[str], expected: set[str]) -> None:
    for missing in sorted(expected - found):
        fault(missing, "is missing")


def main() -> None:
    if MODE == "--parts":
        chart = {f"dueline-chart-{VERSION}.tgz"}
        check_names(set(os.listdir(OUT)), names() - chart)
        print("looked for the files of a release", *faults, sep="\n")
        sys.exit(1 if faults else 0)
    sums = dict(line.split("  ")[::-1] for line in (OUT / "SHA256SUMS").read_text().splitlines())
    files = sorted(name for name in os.listdir(OUT) if name != "SHA256SUMS")
    if sorted(sums) != files or not files:
        fault("SHA256SUMS", f"names {sorted(sums)}, and there are {files}")
    if MODE == "--whole":
        check_names(set(files), names())
    for file in files:
        data = (OUT / file).read_bytes()
        if hashlib.sha256(data).hexdigest() != sums.get(file):
            fault(file, "has another sum")
        check(file, entries(file, data))
        look_for_the_machine(file, file, data)
    print(f"looked into {len(files)} files", *faults, sep="\n")
    sys.exit(1 if faults else 0)


main()
