from __future__ import annotations

import pytest

from detectors.text.languages import UNKNOWN, language

SAID = {
    1: "Can you please tell me what the fee for this is",
    2: "Können Sie mir bitte sagen, ob das nicht auch für ihr Konto ist",
    3: "Vous avez un compte avec nous, mais pas cette carte dans le dossier",
    4: "Hola, quiero saber cómo puede usted cambiar la cita del lunes",
    5: "Vorrei sapere perché il conto non è attivo, grazie",
    6: "Olá, não posso entrar em minha conta, obrigada",
    7: "Ik heb het pakket niet ontvangen, dank u voor uw hulp, kunt u dat zien",
    8: "Dziękuję, nie mam jak się zalogować",
}


@pytest.mark.parametrize("number", sorted(SAID))
def test_sentences_show_their_language(number: int) -> None:
    assert language(SAID[number].lower().replace(",", "").split()) == number


@pytest.mark.parametrize("text", ["", "ok", "HP123 4711", "berlin paris roma", "the der", "you sie and und"])
def test_too_little_shows_none(text: str) -> None:
    assert language(text.split()) == UNKNOWN
