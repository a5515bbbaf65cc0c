"""Downloads the wheel that a requirements file pins, for a Python without pip: fetch_wheel.py REQUIREMENTS FOLDER.

Plain Debian and Ubuntu have such a Python. The index is PyPI, or the one that PIP_INDEX_URL names. What was downloaded must have
one of the hashes that the file lists.
"""

import hashlib
import os
import platform
import re
import sys
import urllib.parse
import urllib.request

TIMEOUT = 180


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
        return answer.read()


def main(requirements: str, folder: str) -> None:
    with open(requirements, encoding="utf-8") as file:
        text = file.read()
    name = re.search(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)[1]
    pinned = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", text))
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
    page = f"{index}/{re.sub('[-_.]+', '-', name).lower()}/"
    links = re.findall(r'href="([^"#]+)#sha256=([0-9a-f]{64})"', fetch(page).decode())
    wheels = {}
    for link, digest in links:
        url = urllib.parse.urljoin(page, link)
        wheel = urllib.parse.unquote(url.rsplit("/", 1)[1])
        # For this machine: any, or musl's only where there is nothing else.
        fits = wheel.endswith(("_any.whl", "-any.whl")) or f"_{platform.machine()}" in wheel
        if digest in pinned and fits:
            wheels[wheel] = (url, digest)
    if not wheels:
        sys.exit(f"{page}: no wheel with a hash of {requirements} for {platform.machine()}")
    wheel = min(wheels, key=lambda wheel: ("musllinux" in wheel, wheel))
    url, digest = wheels[wheel]
    content = fetch(url)
    if hashlib.sha256(content).hexdigest() != digest:
        sys.exit(f"{url}: not what {requirements} pins")
    with open(os.path.join(folder, wheel), "wb") as file:
        file.write(content)


if __name__ == "__main__":
    main(*sys.argv[1:])
