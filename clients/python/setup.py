"""Makes the stubs from the contract, dueline/v1, before all else of a build."""

from pathlib import Path

from setuptools import setup

HERE = Path(__file__).parent
PROTO = HERE.parent.parent / "proto"
STUBS = HERE / "src" / "dueline" / "v1"


def make_stubs() -> None:
    """Needs the checkout around it: a source distribution has the stubs already."""
    import grpc_tools
    from grpc_tools import protoc

    protos = [str(path) for path in sorted((PROTO / "dueline" / "v1").glob("*.proto"))]
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    out = HERE / "src"
    arguments = [f"-I{PROTO}", f"-I{well_known}"]
    arguments += [f"--{kind}_out={out}" for kind in ("python", "pyi", "grpc_python")]
    STUBS.mkdir(exist_ok=True)
    (STUBS / "__init__.py").write_text('"""Stubs of the contract, made from its protos."""\n')
    if protoc.main(["protoc", *arguments, *protos]) != 0:
        raise SystemExit("the stubs cannot be made")


if PROTO.is_dir():
    make_stubs()
setup()
