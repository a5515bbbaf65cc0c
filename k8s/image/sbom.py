"""Prints what is in the image as CycloneDX 1.5: sbom.py PROGRAM CRATE ROOTFS ROOTFS.tar PACKAGE…

Crates are those that the program is made of (`cargo metadata`, Cargo.lock), with their checksums. The modules of nats-server are
read from its own build information. The packages are Debian's, whose files were copied.
"""

import hashlib
import json
import os
import struct
import subprocess
import sys
import time
import uuid


def main(name: str, crate: str, root: str, tar: str, *packages: str) -> None:
    digest = sha256(tar)
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    crates, version = of_cargo(crate)
    nats = f"{root}/usr/bin/nats-server"
    modules = of_go(nats) if os.path.exists(nats) else []
    components = [program(name, version, f"{root}/usr/bin/{name}"), *crates, *modules, *map(of_debian, packages)]
    components.sort(key=lambda component: component["bom-ref"])
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)),
            "component": {
                "type": "container",
                "bom-ref": "image",
                "name": name,
                "version": version,
                "hashes": [{"alg": "SHA-256", "content": digest}],
            },
        },
        "components": components,
    }
    json.dump(document, sys.stdout, indent=1, sort_keys=True, ensure_ascii=False)
    print()


def sha256(file: str) -> str:
    with open(file, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def component(kind: str, name: str, version: str, purl: str, **more: object) -> dict:
    return {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl, **more}


def program(name: str, version: str, file: str, purl: str | None = None) -> dict:
    hashes = [{"alg": "SHA-256", "content": sha256(file)}]
    return component("application", name, version, purl or f"pkg:generic/{name}@{version}", hashes=hashes)


def of_cargo(crate: str) -> tuple[list[dict], str]:
    """The crates that the program is built from or with, tests aside; and its version."""
    host = next(line.split()[1] for line in run("rustc", "-vV").splitlines() if line.startswith("host:"))
    metadata = json.loads(run("cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", host))
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    start = next(id for id, package in packages.items() if package["name"] == crate and not package["source"])
    seen, ahead = {start}, [start]
    while ahead:
        for dependency in nodes[ahead.pop()]["deps"]:
            wanted = any(kind["kind"] in (None, "build") for kind in dependency["dep_kinds"])
            if wanted and dependency["pkg"] not in seen:
                seen.add(dependency["pkg"])
                ahead.append(dependency["pkg"])
    checksums = locked()
    found = []
    for package in (packages[id] for id in seen if packages[id]["source"]):
        name, version = package["name"], package["version"]
        more: dict = {"hashes": [{"alg": "SHA-256", "content": checksums[name, version]}]}
        if package["license"]:
            more["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
        found.append(component("library", name, version, f"pkg:cargo/{name}@{version}", **more))
    return found, packages[start]["version"]


def locked() -> dict[tuple[str, str], str]:
    found, entry = {}, {}
    for line in open("Cargo.lock", encoding="utf-8"):
        key, _, value = line.strip().partition(" = ")
        if line.startswith("[["):
            entry = {}
        elif key in ("name", "version", "checksum"):
            entry[key] = value.strip('"')
            if key == "checksum":
                found[entry["name"], entry["version"]] = entry["checksum"]
    return found


def of_go(file: str) -> list[dict]:
    """A Go program and its modules: the tables that `go version -m` prints."""
    with open(file, "rb") as source:
        data = source.read()
    at = data.index(b"\xff Go buildinf:")
    if data[at + 15] & 2 == 0:
        sys.exit(f"{file}: build information of a Go older than 1.18")
    go, at = text(data, at + 32)
    modules, _ = text(data, at)
    # The table stands between two marks of 16 bytes.
    found = []
    for line in modules[16:-16].decode().splitlines():
        kind, *rest = line.split("\t")
        if kind in ("mod", "dep"):
            name, version = rest[0], rest[1]
            if kind == "mod":
                version = subprocess.check_output([file, "--version"], text=True).split()[-1]
                found.append(program("nats-server", version, file, f"pkg:golang/{name}@{version}"))
            else:
                found.append(component("library", name, version, f"pkg:golang/{name}@{version}"))
    version = go.decode().removeprefix("go").split()[0]
    found.append(component("library", "stdlib", version, f"pkg:golang/stdlib@{version}"))
    return found


def text(data: bytes, at: int) -> tuple[bytes, int]:
    """A string with its length as a varint before it."""
    length = shift = 0
    while True:
        (byte,) = struct.unpack_from("B", data, at)
        at += 1
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return data[at : at + length], at + length


def of_debian(package: str) -> dict:
    wanted = "${Package}\t${Version}\t${Architecture}\t${source:Package}"
    name, version, architecture, source = run("dpkg-query", "-W", f"-f={wanted}", package).split("\t")
    purl = f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}"
    return component("library", name, version, purl, description=f"Debian, source package {source}")


def run(*command: str) -> str:
    return subprocess.check_output(command, text=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
