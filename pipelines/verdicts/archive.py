"""Old models: config/models/ keeps every one that ever shipped, so that its weights can be had again.

Evidence is gathered by today's word lists and rules; with those of then, in the release of then, come the verdicts of
then.
"""

from pathlib import Path

from linkcrawler.config import config_dir
from linkcrawler.errors import UsageError
from pipelines.verdicts.model import Model, load_model, save_model


def find_model(wanted: str) -> Model:
    """The model in the file ``wanted``, or the archived or shipped one whose id begins so (``2026-11``, ``hand-3f2a``).

    Raises UsageError with the versions that there are, ConfigError if the file is no model.
    """
    path = Path(wanted)
    if path.suffix == ".json" or path.is_file():
        if not path.is_file():
            raise UsageError(f"--model {wanted}: no such file; give a model file, or one of {_versions()}")
        return load_model(path)
    found = {model.id: model for model in _known() if wanted == model.version or model.id.startswith(f"{wanted}")}
    exact = [model for model in found.values() if model.version == wanted]
    if len(found) == 1 or len(exact) == 1:
        return exact[0] if exact else next(iter(found.values()))
    problem = f"names {', '.join(sorted(found))}" if found else "is not known"
    raise UsageError(f"--model {wanted}: {problem}; give a model file, or one of {_versions()}")


def caution(model: Model) -> str:
    """What to say before an old model judges; empty if evidence is gathered as it was then."""
    if not model.config_then:
        return ""
    return (
        f"model {model.core_id} was made with another configuration ({model.config_then}, today's is {model.config}): "
        "its weights are applied to evidence as it is gathered today, and verdicts can differ from those of then"
    )


def archive_model(model: Model) -> Path:
    """Keep the model under its version and digest; the same model is kept once."""
    folder = config_dir() / "models"
    folder.mkdir(exist_ok=True)
    path = folder / f"{model.core_id}.json"
    if not path.exists():
        save_model(model, path)
    return path


def _known() -> list[Model]:
    return [load_model(), *(load_model(path) for path in sorted((config_dir() / "models").glob("*.json")))]


def _versions() -> str:
    return ", ".join(dict.fromkeys(model.core_id for model in _known()))
