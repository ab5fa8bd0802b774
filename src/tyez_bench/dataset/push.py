"""Pushing a built dataset repository to the Hugging Face hub."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tyez_bench.dataset.build import check_files
from tyez_bench.errors import MissingExtraError, TyezBenchError, first_line

if TYPE_CHECKING:
    from huggingface_hub import HfApi


class Pushed(NamedTuple):
    """What a push left on the hub. ``tagged`` is False when the tag was there before, and stays where it is."""

    commit: str
    tag: str
    tagged: bool


def push(folder: Path, repo_id: str, api: "HfApi | None" = None, *, private: bool = True) -> Pushed:
    """Push a built directory to the dataset repository ``repo_id``, which is made if need be, and tag the version.

    Files of the repository that the directory lacks are deleted. A tag never moves: where the version's tag is there
    already, it stays. Who pushes is who is logged in to the hub, or whose token the environment has. ``private`` counts
    when the repository is made. Raises InputError for a file that is not what is on record, or not on record at all,
    TyezBenchError when the hub can't be reached or refuses.
    """
    try:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError
    except ImportError:
        raise MissingExtraError("huggingface_hub", "hf") from None
    manifest = check_files(folder)
    api = api or HfApi()
    tag = f"v{manifest.version}"
    with _step(repo_id, "make the repository"):
        api.create_repo(repo_id, repo_type="dataset", private=private, exist_ok=True)
    with _step(repo_id, "upload the files"):
        commit = api.upload_folder(
            repo_id=repo_id,
            repo_type="dataset",
            folder_path=folder,
            commit_message=f"{manifest.name} {manifest.version}, fingerprint {manifest.fingerprint}",
            delete_patterns="*",
        ).oid
    with _step(repo_id, f"set the tag {tag} (the files are there)"):
        try:
            api.create_tag(repo_id, tag=tag, revision=commit, repo_type="dataset")
        except HfHubHTTPError as error:
            if error.response.status_code != 409:
                raise
            return Pushed(commit, tag, tagged=False)
    return Pushed(commit, tag, tagged=True)


@contextlib.contextmanager
def _step(repo_id: str, what: str) -> Iterator[None]:
    try:
        yield
    # Between here and the hub are several libraries, each with errors of its own.
    except Exception as error:
        raise TyezBenchError(f"{repo_id}: can't {what}: {type(error).__name__}: {first_line(error)}") from None
