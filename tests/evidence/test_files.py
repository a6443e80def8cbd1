"""The data files: what does not fit is fatal, with the place and the cure."""

import json
from pathlib import Path

import pytest

from linkcrawler.config import config_dir
from linkcrawler.errors import ConfigError
from linkcrawler.vocabulary import Channel
from pipelines.evidence.catalogue import FUNCTIONS, load_catalogue
from pipelines.verdicts.judge import chances_of
from pipelines.verdicts.model import Model, load_model, save_model
from pipelines.verdicts.training import hand_set


def shipped() -> dict[str, object]:
    document: dict[str, object] = json.loads((config_dir() / "model.json").read_bytes())
    return document


def written(folder: Path, document: dict[str, object]) -> Path:
    path = folder / "model.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_the_catalogue_names_every_signal_with_a_reason() -> None:
    entries = load_catalogue()

    assert entries.keys() == FUNCTIONS.keys()
    assert all(entry.why and entry.speaks for entry in entries.values())


def test_every_channel_has_a_signal() -> None:
    spoken = {channel for entry in load_catalogue().values() for channel, weight in entry.speaks.items() if weight > 0}

    assert spoken == set(Channel)


def test_the_shipped_model_fits_the_catalogue() -> None:
    model = load_model()

    assert model.weights.keys() == FUNCTIONS.keys()
    assert model.trained
    assert model.data["labels"] == 1972
    assert model.figures["macro_f1"] > 0.8


def test_a_channel_without_labels_keeps_what_was_set_by_hand() -> None:
    model, start = load_model(), hand_set()

    assert model.priors[Channel.AUTOMATIC] == start.priors[Channel.AUTOMATIC]
    assert model.weights["stats-host"] == start.weights["stats-host"]


def test_a_model_from_before_a_channel_never_names_it() -> None:
    model = load_model(config_dir() / "models" / "3-e761eea6.json")

    assert "automatic" not in (config_dir() / "models" / "3-e761eea6.json").read_text(encoding="utf-8")
    assert model.core_id == "3-e761eea6"
    assert chances_of((), model)[Channel.AUTOMATIC] < 1e-9


def test_a_model_survives_writing_and_reading(tmp_path: Path) -> None:
    model = load_model()
    save_model(model, tmp_path / "copy.json")

    assert load_model(tmp_path / "copy.json").id == model.id


def test_the_id_changes_with_every_weight() -> None:
    model = hand_set()
    other = Model(**{name: getattr(model, name) for name in model.__struct_fields__} | {"bar": 0.6})

    assert other.id != model.id


def test_an_unknown_signal_is_fatal(tmp_path: Path) -> None:
    document = shipped() | {"weights": {"rel-sponsord": {"sponsored": 3.0}}}

    with pytest.raises(ConfigError, match=r"weights\.rel-sponsord: no signal has this name"):
        load_model(written(tmp_path, document))


def test_an_unknown_channel_is_fatal(tmp_path: Path) -> None:
    document = shipped() | {"weights": {"rel-sponsored": {"sponsord": 3.0}}}

    with pytest.raises(ConfigError, match="sponsord"):
        load_model(written(tmp_path, document))


def test_a_missing_prior_is_fatal(tmp_path: Path) -> None:
    document = shipped() | {"priors": {"unclear": 0.0}}

    with pytest.raises(ConfigError, match="priors: affiliate is missing"):
        load_model(written(tmp_path, document))


@pytest.mark.parametrize(("key", "value"), [("temperature", 0), ("temperature", "warm"), ("colour", "red")])
def test_bad_values_are_fatal(tmp_path: Path, key: str, value: object) -> None:
    with pytest.raises(ConfigError, match=key):
        load_model(written(tmp_path, shipped() | {key: value}))


def test_a_missing_model_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="linkcrawler train"):
        load_model(tmp_path / "none.json")
