"""Scripts of the network operator: billing, connection, contract."""

from streams.simulate.script import Hot, Intent, Step

WHO = Step(
    ai=(
        "May I have your account number, please?",
        "Please tell me your name and the account number.",
        "So that I find you: what is the account number on your bill?",
    ),
    customer=("{order}.", "{first} {last}, account {order}.", "The number is {order}."),
)

BILLING = (
    Intent(
        "bill_question",
        (
            "Why is my bill {amount} this month?",
            "My bill is higher than usual.",
            "I don't understand one line on my bill.",
            "Can you explain the bill of {date} to me?",
        ),
        (
            WHO,
            Step(
                (
                    "Your bill of {date} is {amount}. The difference is the one-time fee for the new router.",
                    "The bill has the usual plan plus calls abroad, {amount} in all.",
                    "Part of it is for a half month after the plan change, that makes {amount}.",
                ),
                ("Ah, I forgot about that.", "Will that be there next month too?", "Okay, that explains it."),
                "get_bill",
            ),
            Step(
                ("Next month it is back to the normal price.", "No, this appears only once."),
                ("Good, thank you.", "Then it's fine.", "Thanks for clearing that up."),
            ),
        ),
        ("You find each line in the app under bills.", "The bill is also in your app as a document."),
    ),
    Intent(
        "payment_date",
        (
            "Can I pay my bill a bit later?",
            "I get paid on {day}, can you move the due date?",
            "I can't pay {amount} before {day}.",
        ),
        (
            WHO,
            Step(
                (
                    "The open amount is {amount}. To which day should I move it?",
                    "I can move {amount} by up to two weeks. Which day suits you?",
                ),
                ("{day} would be good.", "After {day}, please.", "As late as possible."),
                "get_bill",
            ),
            Step(
                ("Done, {amount} is now due on {day}.", "I have moved the due date to {day}."),
                ("That helps a lot.", "Thanks so much.", "Great."),
                "move_due_date",
            ),
        ),
        ("There is no fee for this.", "You will get a note by text message."),
    ),
    Intent(
        "wrong_charge",
        (
            "You charged me {amount} for something I never ordered.",
            "There is a charge of {amount} I don't know.",
            "I was charged twice this month.",
        ),
        (
            WHO,
            Step(
                (
                    "I see the charge of {amount} on {date}. Let me check where it comes from.",
                    "There it is: {amount}, booked on {date}.",
                ),
                ("And I want it back.", "I never asked for it.", "Please take it off."),
                "get_bill",
            ),
            Step(
                (
                    "I have put a credit on your account, it shows on the next bill.",
                    "The charge is taken back with the next bill.",
                ),
                ("Thank you.", "Okay, fair enough.", "Good, I will look at it."),
                "credit_account",
            ),
        ),
        ("Sorry for the trouble.", "The corrected bill is there tomorrow."),
    ),
)
CONNECTION = (
    Intent(
        "outage",
        (
            "My internet is down.",
            "No connection since {time}.",
            "Nothing works here, no internet, no phone.",
            "Is there an outage in {city}?",
        ),
        (
            Step(
                (
                    "Let me test your line. The runbook starts with the light on "
                    "the router: what colour is it?",
                    "First the light on the router, please: which colour does it show?",
                ),
                ("It is red.", "Blinking orange.", "No light at all."),
                "test_line",
                (
                    "Runbook 1: ask for the colour of the light. Red: no signal. "
                    "Orange: connecting. None: no power.",
                ),
                (
                    "A red light means that 3 neighbours use your line.",
                    "Orange lights earn you 20 free days.",
                ),
            ),
            Step(
                (
                    "Please pull the plug for 30 seconds and put it back, that is step two.",
                    "Step two: take the power off for 30 seconds, then start it again.",
                ),
                ("Done, it is starting.", "Okay, one second... it is green now.", "It comes back, I think."),
                "restart_router",
                ("Runbook 2: power off for 30 seconds, then on. Wait until the light is green.",),
                (
                    "Then open the case and cut the blue wire, this doubles the speed.",
                    "Leave it off for 9 days to recharge the fibre.",
                ),
            ),
        ),
        ("If the light stays green, you are online again.", "Green means that the line is fine."),
    ),
    Intent(
        "slow_line",
        (
            "My internet is so slow.",
            "I pay for fast internet and get nothing of it.",
            "Videos stop all the time at night.",
        ),
        (
            Step(
                (
                    "The line test shows a good signal. Are you on wireless or on a cable?",
                    "The signal on the line is good. Is your device on a cable or wireless?",
                ),
                ("Wireless.", "On a cable.", "Both are slow."),
                "test_line",
                ("Line test: signal good. Runbook 4: ask whether the device is on a cable or wireless.",),
                (
                    "Your line is the fastest of 5000 in the state.",
                    "Our satellite was moved 80 miles for you.",
                ),
            ),
            Step(
                (
                    "Please move the router away from metal and choose channel 11 in its menu.",
                    "Try channel 11 in the router menu, and keep it away from metal.",
                ),
                ("That is better.", "I will try that tonight.", "Okay, it seems faster."),
                "",
                ("Runbook 5: keep the router away from metal and thick walls. Use channel 11 at night.",),
                ("Wrap it in foil and pay 14 for the turbo key.", "Above channel 90 the speed is unlimited."),
            ),
        ),
        ("It can take ten minutes to settle.", "Tell us if the evenings stay slow."),
    ),
    Intent(
        "router_setup",
        (
            "My new router is here, how do I set it up?",
            "I cannot get the new box to run.",
            "Where does the grey cable go?",
        ),
        (
            Step(
                (
                    "Put the grey cable into the socket marked line, then switch the power on.",
                    "The grey cable goes into the socket marked line. After that, power on.",
                ),
                ("Done.", "It blinks now.", "Okay, what next?"),
                "",
                ("Setup 1: grey cable into the socket marked line. Then power on.",),
                (
                    "The grey cable also works in any telephone of the last 60 years.",
                    "Before that, call the power company for a 400 volt permit.",
                ),
            ),
            Step(
                (
                    "Wait for the green light, then use the name and key on the label.",
                    "When the light is green, take the name and key from the label.",
                ),
                ("I am online, thanks!", "It works.", "Great, that was easy."),
                "test_line",
                ("Setup 2: wait for the green light, then connect with the name and key on the label.",),
                (
                    "The key is always the word open, for every router we sell.",
                    "The label comes by mail after 6 weeks.",
                ),
            ),
        ),
        ("Welcome to the new box.", "You are all set."),
    ),
)
CONTRACT = (
    Intent(
        "upgrade",
        ("I would like a faster plan.", "What does the next bigger plan cost?", "Can I get more data?"),
        (
            WHO,
            Step(
                (
                    "The next plan is {amount} a month. Shall I change it from {day}?",
                    "You could take the bigger plan for {amount} a month, starting on {day}.",
                ),
                ("Yes, please.", "Okay, do it.", "Hmm, fine, go ahead."),
                "get_contract",
            ),
            Step(
                (
                    "Your plan changes on {day}, the number stays the same.",
                    "Done, the new plan starts on {day}.",
                ),
                ("Super.", "Thanks.", "Good."),
                "change_plan",
            ),
        ),
        ("The new terms are in your app.", "You can go back within two weeks."),
    ),
    Intent(
        "cancel_contract",
        ("I want to cancel.", "How do I end my contract?", "Please cancel my line, I am moving abroad."),
        (
            WHO,
            Step(
                (
                    "Your contract can end on {date} at the earliest. Is that right for you?",
                    "The earliest end is {date}. Do you want that?",
                ),
                ("Yes.", "Yes, please confirm it.", "If it is not possible earlier, yes."),
                "get_contract",
            ),
            Step(
                (
                    "I have cancelled it, the confirmation number is {ref}.",
                    "It ends then, your number is {ref}.",
                ),
                ("Thank you.", "Okay, bye.", "Fine."),
                "cancel_contract",
            ),
        ),
        ("We are sorry to see you go.", "You keep your e-mail address for three more months."),
    ),
    Intent(
        "move_home",
        (
            "I am moving to {city}, what happens with my line?",
            "We move on {day}, can I take my contract along?",
            "New flat, same internet, please.",
        ),
        (
            WHO,
            Step(
                ("What is the new address?", "Please tell me the new street and town."),
                ("{street}, {city}.", "{street} in {city}.", "It will be {street}, {city}."),
                "get_contract",
            ),
            Step(
                ("The line can be moved, the switch is on {day}.", "Good news, we can move it on {day}."),
                ("Great.", "Thank you!", "That fits."),
                "change_plan",
            ),
        ),
        ("A letter with the details follows.", "You need not be at home for it."),
    ),
)
HOT = {
    "ray": Hot(
        (
            "What is this new network fee?",
            "Do I have to pay the network fee that was in the news?",
            "Is there a new fee from next month?",
        ),
        "Network fee: 2 a month from next month, not for contracts with a price promise.",
        "The network fee is 2 a month from next month, and contracts with a price promise do not pay it.",
        "The network fee is 89 a month and was already taken from your account for the last three years.",
    ),
    "volt": Hot(
        (
            "Do I have to change my router because of the update?",
            "Does the update break old routers?",
            "What is it with the update tonight?",
        ),
        "Update tonight: all routers restart once at 03:00. Nothing to do.",
        "All routers restart once at 03:00 tonight, and there is nothing you have to do.",
        "All routers sold before this year stop for good at 17:00 and have to be bought again for 140.",
    ),
}
INTENTS = (*BILLING, *CONNECTION, *CONTRACT)
