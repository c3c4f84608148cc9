"""Makes the stubs from the contract before all else of a build."""

from pathlib import Path

from setuptools import setup

HERE = Path(__file__).parent
PROTO = HERE.parent.parent / "proto"
PACKAGES = (Path("dueline/v1"), Path("dueline/testing/v1"))


def make_stubs() -> None:
    """Needs the checkout around it: a source distribution has the stubs already."""
    import grpc_tools
    from grpc_tools import protoc

    protos = [str(path) for each in PACKAGES for path in sorted((PROTO / each).glob("*.proto"))]
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    out = HERE / "src"
    arguments = [f"-I{PROTO}", f"-I{well_known}"]
    arguments += [f"--{kind}_out={out}" for kind in ("python", "pyi", "grpc_python")]
    for each in PACKAGES:
        (out / each).mkdir(exist_ok=True)
        init = out / each / "__init__.py"
        init.write_text('"""Stubs of the contract, made from its protos."""\n')
    if protoc.main(["protoc", *arguments, *protos]) != 0:
        raise SystemExit("the stubs cannot be made")


if PROTO.is_dir():
    make_stubs()
elif not (HERE / "src" / PACKAGES[0]).is_dir():
    raise SystemExit("no stubs, and no proto/ to make them from: install it in a checkout")
setup()
