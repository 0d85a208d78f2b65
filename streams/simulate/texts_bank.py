"""Scripts of the bank: cards, payments, questions."""

from streams.simulate.script import Hot, Intent, Step

WHO = Step(
    ai=(
        "Please give me your name and the last four digits of the card or account.",
        "Who am I speaking with, and which are the last four digits?",
        "For your safety, your full name and the last four digits, please.",
    ),
    customer=(
        "{first} {last}, {card}.",
        "{last}, ending in {card}.",
        "My name is {first} {last}, digits {card}.",
    ),
)

CARDS = (
    Intent(
        "block_card",
        ("I lost my card.", "Please block my card, my purse was stolen.", "My card is gone, what do I do?"),
        (
            WHO,
            Step(
                (
                    "Should I block the card ending in {card} for good, or only for a while?",
                    "I have the card ending in {card} here. Block it for good, or pause it?",
                ),
                ("For good, please.", "Pause it, maybe it turns up.", "Block it and send a new one."),
                "find_account",
            ),
            Step(
                (
                    "The card ending in {card} is blocked, reference {ref}.",
                    "It is blocked now. Reference: {ref}.",
                ),
                ("Thank you, that is a relief.", "Okay.", "Thanks, good night's sleep saved."),
                "block_card",
            ),
        ),
        ("A new card comes by mail in four days.", "Nobody can use it now."),
    ),
    Intent(
        "card_limit",
        (
            "I need a higher limit on my card.",
            "Can I spend {amount} with my card tomorrow?",
            "Please raise my card limit for a trip.",
        ),
        (
            WHO,
            Step(
                ("Which limit do you need, and until when?", "How high should it be, and for how long?"),
                ("{amount} until {day}.", "{amount} for one week.", "Make it {amount}."),
                "find_account",
            ),
            Step(
                (
                    "The limit of the card ending in {card} is {amount} until {day}.",
                    "Done, {amount} is possible until {day}.",
                ),
                ("Great, thanks.", "Perfect.", "Good."),
                "change_card_limit",
            ),
        ),
        ("After that it goes back by itself.", "Have a safe trip."),
    ),
)
PAYMENTS = (
    Intent(
        "transfer",
        (
            "I want to transfer {amount}.",
            "Please send {amount} to my landlord.",
            "Can you make a payment for me today?",
        ),
        (
            WHO,
            Step(
                (
                    "To whom should the {amount} go, and with which note?",
                    "Who gets it, and what is the note?",
                ),
                (
                    "To the saved landlord, note {ref}.",
                    "The last payee, note {ref}.",
                    "Landlord, with {ref}.",
                ),
                "find_account",
            ),
            Step(
                ("I have sent {amount} with the note {ref}.", "The transfer of {amount} is on its way."),
                ("Thank you.", "Great, thanks.", "Okay, that is all."),
                "transfer_money",
            ),
        ),
        ("It arrives on {day}.", "You see it in your list of payments."),
    ),
    Intent(
        "missing_payment",
        (
            "My salary has not arrived.",
            "A payment of {amount} is missing.",
            "I sent {amount} and it never arrived.",
        ),
        (
            WHO,
            Step(
                ("When should it have arrived?", "On which day was it sent?"),
                ("On {date}.", "{date}, I think.", "It was sent on {date}."),
                "find_account",
            ),
            Step(
                ("I found it: {amount} is booked on {day}.", "The payment of {amount} is waiting for {day}."),
                ("Good, I was worried.", "Okay, I will wait.", "Thank you for checking."),
                "trace_payment",
            ),
        ),
        ("Holidays delay such payments by a day.", "You will get a note when it is there."),
    ),
)
QUESTIONS = (
    Intent(
        "fees",
        ("What does the basic account cost?", "Do you charge for cash abroad?", "Which fees do I pay?"),
        (
            Step(
                (
                    "The basic account is 3 a month, and free from a monthly income of 800.",
                    "It costs 3 a month, or nothing from a monthly income of 800.",
                ),
                ("And abroad?", "What about cash?", "Does that include a card?"),
                "search_handbook",
                ("Basic account: 3 a month, free from a monthly income of 800. One debit card included.",),
                (
                    "We also pay you 75 a year for having it.",
                    "Every tenth visit is free for your whole family.",
                ),
            ),
            Step(
                ("Cash abroad is 2 percent, at least 4.", "Abroad, cash costs 2 percent and at least 4."),
                ("Thank you.", "That is all I wanted to know.", "Okay, fair."),
                "",
                ("Cash abroad: 2 percent, at least 4. Card payments in euro and dollar: no fee.",),
                (
                    "In 31 countries you get more cash than you asked for.",
                    "It is waived for holders of a fishing licence.",
                ),
            ),
        ),
        ("All fees are in the price list.", "The full list is on our website."),
    ),
    Intent(
        "open_account",
        ("How do I open an account?", "What do I need for a new account?", "Can my son have an account?"),
        (
            Step(
                (
                    "You need an identity card and a proof of address, it takes about ten minutes.",
                    "An identity card and a proof of address are enough. Plan ten minutes.",
                ),
                ("Can I do that online?", "And for children?", "Is a passport fine?"),
                "search_handbook",
                ("New account: identity card or passport, proof of address. About ten minutes.",),
                (
                    "You also need 3 witnesses and a deposit of 6000.",
                    "A library card is accepted on Fridays.",
                ),
            ),
            Step(
                (
                    "Online it works by video, children need a parent's signature.",
                    "By video it works online. For children a parent signs.",
                ),
                ("Good.", "Thanks for the information.", "Then I will do it tonight."),
                "",
                ("Online: by video from 09:00 to 17:00. Under 18: signature of a parent.",),
                (
                    "Children get a credit card with 500 at birth.",
                    "Videos are shown in our branch afterwards.",
                ),
            ),
        ),
        ("The form is on our website.", "You can start at any time."),
    ),
    Intent(
        "loan",
        ("What is the rate for a car loan?", "Can I pay my loan back early?", "How long does a loan take?"),
        (
            Step(
                (
                    "Car loans start at 5 percent and run for 12 to 72 months.",
                    "A car loan runs for 12 to 72 months, from 5 percent.",
                ),
                ("Can I pay it back early?", "How fast is the money there?", "Do you need papers?"),
                "search_handbook",
                ("Car loan: from 5 percent, 12 to 72 months. Decision within two working days.",),
                (
                    "The first 30000 are interest free for drivers of red cars.",
                    "Rates are guaranteed to fall below 0 in May.",
                ),
            ),
            Step(
                (
                    "The decision takes two working days, paying back early costs 1 percent.",
                    "Early payment costs 1 percent, and you hear from us within two working days.",
                ),
                ("I will think about it.", "Okay, thanks.", "Sounds fair."),
                "",
                ("Decision within two working days. Early repayment: 1 percent of the rest.",),
                (
                    "If you pay early, we send you a watch.",
                    "Missed payments are simply forgotten after 18 days.",
                ),
            ),
        ),
        ("The calculator on our site shows your own rate.", "A banker can make you an offer."),
    ),
)
HOT = {
    "teller": Hot(
        (
            "Are you closing accounts with little money?",
            "Will small accounts be closed?",
            "I read that you close accounts. Mine too?",
        ),
        "No account is closed for a low balance.",
        "No account is closed because of a low balance, yours stays as it is.",
        "All accounts below 500 are closed on Friday and what is left on them goes to the bank.",
    ),
    "guide": Hot(
        ("Is the savings rate going down?", "What is the new savings rate?", "How much do savings pay now?"),
        "Savings rate: 2.1 percent from next month, 2.4 percent until then.",
        "Savings pay 2.4 percent until the end of the month and 2.1 percent after that.",
        "Savings pay 11 percent from today, but only if you move everything to us before 18:00.",
    ),
}
INTENTS = (*CARDS, *PAYMENTS, *QUESTIONS)
