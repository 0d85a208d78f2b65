"""Checksums of numbers that name people and accounts: what satisfies one is hardly there by chance.

Each takes a string without separators and answers whether its check digits hold.
"""

from __future__ import annotations

from collections.abc import Callable

IBAN_LENGTHS = {
    country: length
    for length, countries in (
        (15, "NO"),
        (16, "BE"),
        (18, "DK FI FO GL NL"),
        (19, "MK SI"),
        (20, "AT BA EE KZ LT LU XK"),
        (21, "CH HR LI LV"),
        (22, "BG BH CR DE GB GE IE ME RS VA"),
        (23, "AE GI IL IQ OM TL"),
        (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
        (25, "LY PT ST"),
        (26, "IS TR"),
        (27, "FR GR IT MC MR SM"),
        (28, "AL AZ BY CY DO GT HU LB PL SV"),
        (29, "BR EG PS QA UA"),
        (30, "JO KW MU"),
        (31, "MT SC"),
        (32, "LC"),
        (33, "RU"),
    )
    for country in countries.split()
}
"""Characters of an IBAN by country (ISO 13616 registry)."""

_VERHOEFF_MULTIPLY = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_VERHOEFF_PERMUTE = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def luhn(digits: str) -> bool:
    """Cards and some national ids (ISO/IEC 7812-1).

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = ord(digit) - 48
        total += value if place % 2 == 0 else value * 2 - 9 * (value > 4)
    return total % 10 == 0


def iban(text: str) -> bool:
    """ISO 13616: the length of the country and the remainder 1 modulo 97.

    >>> iban("DE89370400440532013000"), iban("DE89370400440532013001")
    (True, False)
    """
    if IBAN_LENGTHS.get(text[:2].upper()) != len(text):
        return False
    name = text.upper()
    if not (name.isascii() and name.isalnum()):
        return False
    return int("".join(str(int(char, 36)) for char in name[4:] + name[:4])) % 97 == 1


def verhoeff(digits: str) -> bool:
    """India's Aadhaar (Verhoeff, "Error Detecting Decimal Codes", 1969).

    >>> verhoeff("2363"), verhoeff("2364")
    (True, False)
    """
    check = 0
    for place, digit in enumerate(reversed(digits)):
        permuted = int(_VERHOEFF_PERMUTE[place % 8][ord(digit) - 48])
        check = int(_VERHOEFF_MULTIPLY[check][permuted])
    return check == 0


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(weight * (ord(digit) - 48) for weight, digit in zip(weights, digits, strict=False))


def cpf(digits: str) -> bool:
    """Brazil's CPF, 11 digits.

    >>> cpf("52998224725"), cpf("52998224726"), cpf("11111111111")
    (True, False, False)
    """
    if len(digits) != 11 or digits == digits[0] * 11:
        return False
    first = _weighted(digits, tuple(range(10, 1, -1))) * 10 % 11 % 10
    second = _weighted(digits, tuple(range(11, 1, -1))) * 10 % 11 % 10
    return digits[9:] == f"{first}{second}"


def dni(text: str) -> bool:
    """Spain's DNI and NIE: seven or eight digits (or X, Y, Z in front) and a letter.

    >>> dni("12345678Z"), dni("X1234567L"), dni("12345678A")
    (True, True, False)
    """
    body, letter = text[:-1].upper(), text[-1:].upper()
    number = body.translate(str.maketrans("XYZ", "012"))
    return len(text) == 9 and number.isdecimal() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == letter


def pesel(digits: str) -> bool:
    """Poland's PESEL, 11 digits, which begin with a date.

    >>> pesel("44051401359"), pesel("44051401358")
    (True, False)
    """
    if len(digits) != 11 or not 1 <= int(digits[2:4]) % 20 <= 12 or not 1 <= int(digits[4:6]) <= 31:
        return False
    return (10 - _weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) % 10 == int(digits[10])


def nhs(digits: str) -> bool:
    """Britain's NHS number, 10 digits.

    >>> nhs("9434765919"), nhs("9434765918")
    (True, False)
    """
    return len(digits) == 10 and (11 - _weighted(digits, tuple(range(10, 1, -1))) % 11) % 11 == int(digits[9])


def bsn(digits: str) -> bool:
    """The Netherlands' BSN, 9 digits.

    >>> bsn("111222333"), bsn("111222334")
    (True, False)
    """
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(digits) == 9 and digits != "0" * 9 and _weighted(digits, weights) % 11 == 0


def nir(digits: str) -> bool:
    """France's social security number, 15 digits.

    >>> nir("255081416802538"), nir("255081416802539")
    (True, False)
    """
    return len(digits) == 15 and digits[0] in "1234" and 97 - int(digits[:13]) % 97 == int(digits[13:])


_ODD = dict(zip("0123456789ABCDEFGHIJ", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21) * 2, strict=True))
_LATE = (2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_ODD |= dict(zip("KLMNOPQRSTUVWXYZ", _LATE, strict=True))


def codice_fiscale(text: str) -> bool:
    """Italy's codice fiscale, 16 characters.

    >>> codice_fiscale("RSSMRA85T10A562S"), codice_fiscale("RSSMRA85T10A562T")
    (True, False)
    """
    name = text.upper()
    if len(name) != 16 or not (name.isascii() and name.isalnum()):
        return False
    odd = sum(_ODD[char] for char in name[0:15:2])
    even = sum(int(char, 36) - (10 if char.isalpha() else 0) for char in name[1:15:2])
    return chr(65 + (odd + even) % 26) == name[15]


def steuer_id(digits: str) -> bool:
    """Germany's tax number, 11 digits (ISO 7064, MOD 11,10).

    >>> steuer_id("86095742719"), steuer_id("86095742710")
    (True, False)
    """
    if len(digits) != 11 or digits[0] == "0":
        return False
    product = 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[10])


BY_LENGTH: dict[int, tuple[Callable[[str], bool], ...]] = {
    9: (bsn, luhn),  # the second: Canada's SIN
    10: (nhs, luhn),  # Sweden's personnummer
    11: (cpf, pesel, steuer_id),
    12: (verhoeff,),
    15: (nir,),
}
"""Checks that an all-digit national id of a length may satisfy. One in ten numbers satisfies one by chance,
so they count beside a word that says what the number is, or in the spacing that is peculiar to it."""
