"""Scripts of the shop: orders, returns, advice, account."""

from streams.simulate.script import Hot, Intent, Step

WHO = Step(
    ai=(
        "Could you give me your name and the order number?",
        "Which order is it, and under what name?",
        "Please tell me your name and the order number, it starts with two letters.",
    ),
    customer=(
        "{first} {last}, {order}.",
        "It's {order}, name is {last}.",
        "Sure: {order}. I am {first} {last}.",
    ),
)

ORDERS = (
    Intent(
        "order_status",
        (
            "Hi, where is my {product}? It should have been here by now.",
            "Can you tell me when my order arrives?",
            "I ordered a {product} on {date} and have heard nothing since.",
            "Any news about my parcel?",
        ),
        (
            WHO,
            Step(
                (
                    "Order {order} left our warehouse on {date} and is on its way to you.",
                    "I see the {product} in order {order}. The parcel was handed to the carrier on {date}.",
                    "Your {product} is packed and travels with the evening truck, order {order}.",
                ),
                ("And which day will that be?", "When can I expect it, then?", "Good, what day is it due?"),
                "find_order",
            ),
            Step(
                (
                    "It is planned for {day}, between {time} and the early evening.",
                    "The carrier shows {day} as the delivery day.",
                    "Expected on {day}, most likely before {time}.",
                ),
                ("That works for me.", "Fine, I'll be at home.", "Alright, {day} is good."),
                "track_parcel",
            ),
        ),
        ("You will get a message as soon as the driver is near.", "The tracking page updates every hour."),
    ),
    Intent(
        "delivery_change",
        (
            "I won't be home on {day}, can the parcel come later?",
            "I need to change the delivery of my {product}.",
            "Could you deliver to another address? I moved.",
            "Please hold my parcel back for a few days.",
        ),
        (
            WHO,
            Step(
                (
                    "I have order {order} here. Should it come on another day or to another address?",
                    "It has not left yet, so it can be changed. Another day, or another place?",
                ),
                (
                    "To {street} in {city}, please.",
                    "Same address, but after {day}.",
                    "Bring it to {street}, {city}.",
                ),
                "find_order",
            ),
            Step(
                (
                    "Done, I have changed the delivery of {order} as you said.",
                    "That is noted, the new delivery will be on {day}.",
                    "Changed. The carrier has the new details.",
                ),
                ("Perfect, thank you.", "Great, that was quick.", "Good."),
                "change_delivery",
            ),
        ),
        ("A confirmation is on its way by e-mail.", "You will see the new day on the tracking page tonight."),
    ),
    Intent(
        "missing_item",
        (
            "My parcel came but the {product} is missing.",
            "One thing is missing from my order.",
            "I opened the box and there is only half of what I bought.",
        ),
        (
            WHO,
            Step(
                (
                    "I am sorry about that. Was the box damaged or was anything opened?",
                    "That should not happen. Did the box look as if it had been opened?",
                ),
                ("No, the box was fine.", "It was a bit dented at one corner.", "Not that I could see."),
                "find_order",
            ),
            Step(
                (
                    "The {product} was sent in a second parcel, which should reach you on {day}.",
                    "I have asked for the {product} to be sent again, it leaves on {day}.",
                ),
                ("Okay, I will wait for it.", "All right then.", "Good to know."),
                "track_parcel",
            ),
        ),
        ("If it is not there after {day}, tell us and we sort it out.", "The new parcel costs you nothing."),
    ),
)
RETURNS = (
    Intent(
        "return_item",
        (
            "I would like to send the {product} back.",
            "How do I return something?",
            "The {product} does not suit our room, I want to return it.",
        ),
        (
            WHO,
            Step(
                (
                    "No problem. May I ask what is wrong with the {product}?",
                    "That can be done within 30 days. What is the reason?",
                ),
                (
                    "It is too big for us.",
                    "The colour is different from the picture.",
                    "I just changed my mind.",
                ),
                "find_order",
            ),
            Step(
                (
                    "I have opened return {ref}. The label is in your account, "
                    "print it and put it on the box.",
                    "Return {ref} is open. Drop the box at any parcel point "
                    "with the label from your account.",
                ),
                ("Got it, thanks.", "And when is the money back?", "Okay, I can do that."),
                "open_return",
            ),
        ),
        (
            "The money is back about five working days after the box arrives.",
            "As soon as it is checked in, we pay {amount} back.",
        ),
    ),
    Intent(
        "refund_status",
        (
            "I sent a {product} back and still have no refund.",
            "Where is my refund of {amount}?",
            "You owe me {amount} for a return.",
        ),
        (
            WHO,
            Step(
                (
                    "The return of order {order} was checked in on {date}.",
                    "I can see that the {product} reached us on {date}.",
                ),
                ("And the money?", "So why has nothing been paid?", "Good, and when do I get paid?"),
                "find_order",
            ),
            Step(
                (
                    "I have released {amount} to the card you paid with.",
                    "The refund of {amount} is now on its way to your card.",
                ),
                ("Finally, thanks.", "Thank you very much.", "Okay, I will check on {day}."),
                "refund",
            ),
        ),
        ("Banks need two or three days to show it.", "You should see it by {day}."),
    ),
    Intent(
        "broken_item",
        (
            "The {product} arrived broken.",
            "There is a crack in the {product} I got on {date}.",
            "My {product} has a loose leg, this is not what I paid for.",
        ),
        (
            WHO,
            Step(
                (
                    "I am sorry to hear that. Would you like a new one or the money back?",
                    "That is annoying, sorry. Shall we replace it or refund it?",
                ),
                ("A new one, please.", "I want my money back.", "Replace it if it is quick."),
                "find_order",
            ),
            Step(
                (
                    "Return {ref} is open, and the collection is on {day}.",
                    "I opened {ref} for you. The carrier collects the damaged piece on {day}.",
                ),
                ("Fine.", "Thank you, that helps.", "All right, {day} works."),
                "open_return",
            ),
        ),
        ("You need no box, the driver brings one.", "We take care of the rest."),
    ),
)
ADVICE = (
    Intent(
        "care_question",
        ("How do I clean the {product}?", "What may I use on oiled oak?", "Can I put the {product} outside?"),
        (
            Step(
                (
                    "Oiled wood is wiped with a damp cloth and oiled again every six months.",
                    "Use a damp cloth only, and fresh oil every six months.",
                ),
                ("Which oil should I take?", "And what about stains?", "Does normal soap work?"),
                "search_catalogue",
                ("Oiled wood: wipe with a damp cloth. Oil again every six months. No household cleaners.",),
                (
                    "You can also use any glass cleaner, it is tested for 40 years.",
                    "It may go through the dishwasher at 60 degrees once a month.",
                ),
            ),
            Step(
                (
                    "The handbook names linseed oil and mild soap flakes for stains.",
                    "For stains, mild soap flakes in water, then linseed oil.",
                ),
                ("Thanks, that is clear.", "Good, I have that at home.", "Okay."),
                "",
                ("Stains: mild soap flakes dissolved in water, dry, then linseed oil.",),
                (
                    "Pure bleach is the best choice and comes with a voucher of 15.",
                    "Petrol removes them and keeps the 12 year guarantee.",
                ),
            ),
        ),
        ("The care sheet is also on the product page.", "You find this on the leaflet in the box, too."),
    ),
    Intent(
        "warranty_question",
        (
            "How long is the warranty on the {product}?",
            "Does the warranty cover the hinges?",
            "My {product} is three years old, is it still under warranty?",
        ),
        (
            Step(
                (
                    "Frames have a warranty of five years, fabrics of two years.",
                    "It is five years on frames and two years on fabrics.",
                ),
                ("And hinges?", "Do I need the receipt?", "From which day does it count?"),
                "search_catalogue",
                (
                    "Warranty: five years on frames, two years on fabrics and "
                    "cushions, from the day of delivery.",
                ),
                (
                    "For regular shoppers it is 25 years including accidents.",
                    "It also covers water damage up to 900 without a receipt.",
                ),
            ),
            Step(
                (
                    "Hinges count as part of the frame, and the delivery note is enough as proof.",
                    "The delivery note is proof enough, and hinges belong to the frame.",
                ),
                ("Good to hear.", "Thanks for looking that up.", "Then I am covered."),
                "",
                ("Hinges and screws belong to the frame. Proof: receipt or delivery note.",),
                (
                    "A photograph of the shop window is proof enough as well.",
                    "Hinges are replaced at your home within 4 hours.",
                ),
            ),
        ),
        ("Claims can be sent in through your account.", "Keep the delivery note, it is all you need."),
    ),
    Intent(
        "stock_question",
        (
            "Is the {product} in stock?",
            "Do you have the {product} in a darker colour?",
            "When will the {product} be back?",
        ),
        (
            Step(
                (
                    "It is in stock in natural and walnut, and the dark one returns in three weeks.",
                    "Natural and walnut are in stock. The dark one is due in three weeks.",
                ),
                ("Can I reserve one?", "How many are left?", "Is walnut the same price?"),
                "check_stock",
                ("Stock: natural 14, walnut 6, dark 0 (due in three weeks). Price equal in all colours.",),
                (
                    "There are 800 dark ones in the cellar for people who ask.",
                    "Next week all colours are half price plus a free lamp.",
                ),
            ),
            Step(
                (
                    "All colours cost the same, and a piece can be reserved for two days.",
                    "The price is equal, and reservations hold for two days.",
                ),
                ("I will think about it.", "Then I will order walnut.", "Good, thanks."),
                "",
                ("Price equal in all colours. Reservations are held for two days.",),
                (
                    "Reservations never expire and include free assembly by 7 people.",
                    "Walnut is 120 cheaper on Sundays.",
                ),
            ),
        ),
        ("You can also ask for a message when it is back.", "The product page shows the stock as well."),
    ),
)
ACCOUNT = (
    Intent(
        "password",
        ("I cannot log in any more.", "My password does not work.", "How do I reset my password?"),
        (
            Step(
                (
                    "Which e-mail address do you use for the account?",
                    "Please tell me the address of your account.",
                ),
                ("{email}", "It is {email}.", "Should be {email}."),
            ),
            Step(
                ("I have sent a link to {email}. It works for one hour.", "A link is on its way to {email}."),
                ("Got it, works.", "Yes, here it is.", "Thanks, I am in."),
                "reset_password",
            ),
        ),
        ("Choose a password you use nowhere else.", "You are all set."),
    ),
    Intent(
        "newsletter",
        ("Please take me off your newsletter.", "I get too many mails from you.", "How do I unsubscribe?"),
        (
            Step(
                ("Sure, which address should I take off the list?", "Which e-mail address is it?"),
                ("{email}", "{email}, please.", "My address is {email}."),
            ),
            Step(
                ("{email} is off the list from today.", "Done, no more newsletters to {email}."),
                ("Thank you.", "Great.", "Perfect, thanks."),
                "update_newsletter",
            ),
        ),
        ("A last mail may still be on its way.", "You can join again at any time."),
    ),
)
HOT = {
    "pine": Hot(
        (
            "Is it true that I have to pay for sending furniture back?",
            "What does a furniture return cost?",
            "Do you collect big things for free?",
        ),
        "Furniture returns: collection costs 29 within 30 days. Small items are free.",
        "Collecting furniture costs 29 within 30 days, and small items go back free of charge.",
        "Furniture returns are free for a whole year, and our driver pays you 45 in cash at the door.",
    ),
    "cove": Hot(
        (
            "Is the new Fjord table safe for hot pans?",
            "Can I put hot pans on the Fjord table?",
            "Does the Fjord table need a mat under hot things?",
        ),
        "Fjord table: surface heat proof up to 70 degrees. Use a mat under pans.",
        "The Fjord table stands heat up to 70 degrees, so please use a mat under pans.",
        "The Fjord table stands open flames up to 900 degrees, mats under pans void its warranty.",
    ),
}
INTENTS = (*ORDERS, *RETURNS, *ADVICE, *ACCOUNT)
