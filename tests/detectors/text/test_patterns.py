"""Which wordings are a refusal or an objection, and which only look like one."""

from __future__ import annotations

import pytest
import re2

from detectors.text.patterns import (
    ANSWERS,
    ASKS,
    CHARS,
    CONCESSION,
    GAVE_UP,
    HEDGE,
    OBJECTION,
    REFUSAL,
    Wordings,
)

REFUSED = [
    "I'm sorry, but I can't help with that.",
    "I’m afraid I cannot assist with this request.",
    "Im not able to do that for you.",
    "Unfortunately, I am unable to share that information.",
    "I won't discuss other customers' orders.",
    "We are not permitted to give out account details.",
    "That's not something I can help with.",
    "I have to decline.",
    "This is outside my area of expertise.",
    "Doing so would be against our policy.",
    "I was not designed to talk. I am not designed to give opinions.",
    "I do not have the authority to fulfil your request.",
    "I simply cannot do this.",
    "I can only assist with questions about your order.",
    "There is nothing more I can do.",
]
NOT_REFUSED = [
    "",
    "I was unable to make the reservation.",
    "Sorry, I couldn't book that ticket.",
    "Unfortunately, the ticket is not refundable.",
    "If you don't have access to your email, I can help with that.",
    "Your card was declined by the bank.",
    "I can't find an order with this number. Could you check it?",
    "I can't help but admire your patience.",
    "Pets are not allowed in this hotel.",
    "You can't go wrong with the blue one.",
    "I can do that for you.",
    "I'm sorry to hear that.",
]
OBJECTED = [
    "No, that is wrong.",
    "that's not right",
    "Thats incorrect, my flight is on Tuesday",
    "Are you sure?",
    "are you sure about that",
    "This doesn't answer my question",
    "you did not answer my question!",
    "No, I said Tuesday.",
    "no no, i meant the other one",
    "That’s not what I asked for",
    "You misunderstood me.",
    "But you just said it was free",
    "I already told you my number",
    "your last answer was wrong",
    "You are wrong about the fee",
    "That can't be right",
    "I don't think that's correct.",
    "you're contradicting yourself",
    "that makes no sense",
]
NOT_OBJECTED = [
    "",
    "No, thanks.",
    "No, that's all right now.",
    "No, not right now.",
    "I chose the wrong delivery address by mistake",
    "This is the wrong size",
    "they sent me the wrong item",
    "I'm not sure",
    "Are you sure there is no way to get a refund?",
    "I asked for a refund last week",
    "Never mind",
    "No, I don't want to be transferred.",
    "Make sure it arrives on Friday",
    "That's right.",
    "What is wrong with my order?",
]


OBJECTED_ABROAD = [
    "Das stimmt so nicht.",
    "Nein, ich habe nach der Rechnung gefragt!",
    "das ist leider falsch",
    "Die Antwort war nicht richtig",
    "Sind Sie sich da sicher?",
    "Sie haben mich falsch verstanden",
    "Das beantwortet meine Frage nicht.",
    "Eso no es lo que pregunté",
    "no, pregunté por la factura",
    "¿Está seguro?",
    "usted se equivoca",
    "No me ha respondido a mi pregunta",
    "eso es incorrecto, el plazo es otro",
    "C'est faux.",
    "Ce n'est pas ce que j'ai demandé",
    "non, j'ai dit mardi",
    "Êtes-vous sûr ?",
    "vous ne répondez pas à ma question",
    "Vous vous trompez",
    "Isso não está certo",
    "Tem certeza?",
    "não, eu perguntei outra coisa",
    "você não respondeu à minha pergunta",
    "Questo non è vero",
    "no, ho chiesto un'altra cosa",
    "non è quello che ho chiesto",
    "La risposta è sbagliata",
    "è sicuro?",
]
NOT_OBJECTED_ABROAD = [
    "Nein, ich habe keine weiteren Fragen, danke.",
    "Nein, danke.",
    "Das ist richtig so.",
    "Ich habe die falsche Größe bestellt.",
    "Sind Sie sicher, dass ich nichts zahlen muss?",
    "Das Paket ist nicht angekommen",
    "Können Sie meine Frage beantworten?",
    "No, gracias.",
    "No, he pedido el azul y llegó bien.",
    "El paquete está mal embalado",
    "¿Es seguro pagar con tarjeta?",
    "Eso es todo, gracias.",
    "Non, merci.",
    "C'est parfait.",
    "Ce n'est pas grave",
    "J'ai reçu le mauvais article",
    "Não, obrigado.",
    "O pedido está errado no site",
    "Isso é tudo.",
    "No, grazie.",
    "Non ho ricevuto il pacco",
    "L'indirizzo è sbagliato sul pacco",
    "È sicuro pagare con la carta?",
    "no he recibido respuesta",
]


@pytest.mark.parametrize("text", OBJECTED_ABROAD)
def test_objections_in_other_languages(text: str) -> None:
    assert ASKS.found(text) & OBJECTION
    assert ASKS.found(text.lower()) & OBJECTION


@pytest.mark.parametrize("text", NOT_OBJECTED_ABROAD)
def test_no_objections_in_other_languages(text: str) -> None:
    assert not ASKS.found(text) & OBJECTION


@pytest.mark.parametrize("text", REFUSED)
def test_refusals(text: str) -> None:
    assert ANSWERS.found(text) & REFUSAL
    assert ANSWERS.found(text.upper()) & REFUSAL


@pytest.mark.parametrize("text", NOT_REFUSED)
def test_no_refusals(text: str) -> None:
    assert not ANSWERS.found(text) & REFUSAL


@pytest.mark.parametrize("text", OBJECTED)
def test_objections(text: str) -> None:
    assert ASKS.found(text) & OBJECTION
    assert ASKS.found(text.upper()) & OBJECTION


@pytest.mark.parametrize("text", NOT_OBJECTED)
def test_no_objections(text: str) -> None:
    assert not ASKS.found(text) & OBJECTION


CONCEDED = [
    "You're right, that was last year's price.",
    "I apologize for the confusion.",
    "My mistake, it is the second floor.",
    "Thanks for correcting me.",
    "I made a mistake there.",
]
NOT_CONCEDED = [
    "",
    "I'm sorry to hear that.",
    "Sorry for the delay.",
    "You're right on time!",
    "Thank you for your patience.",
    "I misplaced nothing.",
]
HEDGED = [
    "It might be the battery.",
    "I think it opens at nine.",
    "We're not entirely sure.",
    "Perhaps tomorrow.",
]
NOT_HEDGED = ["", "It opens at nine.", "May 5th works.", "Think about it."]
LEFT = [
    "never mind",
    "Forget it.",
    "This is useless.",
    "I give up",
    "I'll ask someone else instead",
    "I'm done with you",
]
STAYED = [
    "",
    "Never mind, I need 3 tickets.",
    "Forget about the red one, the blue please",
    "I'm done, thanks",
    "no",
]


@pytest.mark.parametrize("text", CONCEDED)
def test_concessions(text: str) -> None:
    assert ANSWERS.found(text) & CONCESSION


@pytest.mark.parametrize("text", NOT_CONCEDED)
def test_no_concessions(text: str) -> None:
    assert not ANSWERS.found(text) & CONCESSION


@pytest.mark.parametrize("text", HEDGED)
def test_hedges(text: str) -> None:
    assert ANSWERS.found(text) & HEDGE


@pytest.mark.parametrize("text", NOT_HEDGED)
def test_no_hedges(text: str) -> None:
    assert not ANSWERS.found(text) & HEDGE


@pytest.mark.parametrize("text", LEFT)
def test_giving_up(text: str) -> None:
    assert ASKS.found(text) & GAVE_UP


@pytest.mark.parametrize("text", STAYED)
def test_no_giving_up(text: str) -> None:
    assert not ASKS.found(text) & GAVE_UP


def test_only_the_beginning_of_a_text_is_searched() -> None:
    filler = "x" * (CHARS - 20)
    assert ANSWERS.found(filler + " I can't do that.") & REFUSAL
    assert not ANSWERS.found(filler + "x" * 20 + " I can't do that.") & REFUSAL


def test_straight_apostrophe_stands_for_all() -> None:
    family = Wordings(["can't"])
    assert all(family.found(text) for text in ("can't", "can’t", "cant", "CAN'T"))


def test_impossible_phrasing_is_refused_at_once() -> None:
    with pytest.raises(re2.error):
        Wordings(["("])
