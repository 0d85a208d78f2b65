"""Lines that any tenant's conversation can need."""

GREETING = (
    "Hello, this is {agent}, the automated assistant of {brand}. How can I help?",
    "Welcome to {brand}. I am {agent}, a virtual assistant. What can I do for you?",
    "Hi, you have reached {brand}. I am {agent}, an AI assistant. How may I help?",
)
LEADS = (
    "",
    "",
    "",
    "Thanks. ",
    "Of course. ",
    "Sure. ",
    "One moment. ",
    "I have looked that up. ",
    "All right. ",
)
NEW_LEADS = ("Happy to help! ", "Absolutely! ", "Great question. ", "Right away! ", "My pleasure. ", "")
HEDGES = ("I think this might be it: ", "I am not quite sure, but perhaps: ", "It seems so. ", "Probably: ")
ASK_BACK = (
    "Could you say once more what you mean?",
    "Is that what you wanted to know?",
    "Or did you mean something else?",
)
TAILS = ("", "", " Is there anything else?", " Can I do anything else for you?", " Does that help?")
PADDING = (
    "Please note that what I say here is general information and that details can differ from case to case.",
    "As an additional remark, it is always a good idea to keep all letters and messages about this matter.",
    "To be thorough, let me also point out that our services are under constant review and improvement.",
    "Before we go on, please make sure that you have read the terms that apply to your particular situation.",
)
THANKS = (
    "Thanks, bye.",
    "Thank you, have a nice day.",
    "Great, that was all.",
    "Perfect, thanks a lot!",
    "No, that's it. Thanks.",
    "Thank you for your help.",
    "Cheers.",
)
PLAIN_END = ("No, that's all.", "Okay.", "All right, bye.", "Fine.")
STUCK = (
    "I am afraid I could not complete this. Could you try again later?",
    "Unfortunately I do not find anything about that.",
    "Something went wrong on our side, I have no result.",
    "Sorry, I did not get that. Could you say it in other words?",
)
OBJECTION = (
    "That's wrong.",
    "No, that is not correct.",
    "That can't be right, I was told something else.",
    "You are not listening, that is not what I asked.",
    "This makes no sense at all.",
    "That is simply not true.",
    "Are you sure? The website says the opposite.",
)
ANGRY = (
    "This is really annoying.",
    "I have been waiting for ages, this is terrible.",
    "What a useless service.",
    "I am so tired of this.",
    "Nobody here helps me, I am very disappointed.",
    "This is a joke, honestly.",
)
GIVE_UP = ("Forget it.", "Never mind, I give up.", "That did not help at all.", "Then I will go elsewhere.")
REFUSE = (
    "I'm sorry, but I can't help with that.",
    "I am unable to assist with this request.",
    "Unfortunately I'm not able to help with that here.",
    "I can't provide help on this topic.",
)
REFUSED = (
    "Why not? It is a simple question.",
    "But this is what you are for.",
    "Hm. Okay then.",
    "Really? Why?",
)
WANT_HUMAN = (
    "I want to talk to a person.",
    "Can I speak to a human, please?",
    "Please put me through to somebody.",
    "Let me talk to one of your colleagues.",
    "I would rather talk to a real person about this.",
)
OFFER_HUMAN = (
    "I will connect you with a colleague.",
    "Let me hand you over to our team.",
    "One of my human colleagues will take over, please stay with us.",
)
HUMAN = (
    "Hello, {human} here, I have read what you wrote so far.",
    "Hi, this is {human}. Let me see what happened.",
    "Good day, {human} speaking. How far did you get?",
)
HUMAN_MORE = (
    "I can see it. I will sort that out for you now.",
    "Thanks for waiting, it is corrected.",
    "I have booked it by hand, you should see it soon.",
    "Let me make a note for the other team.",
)
TO_HUMAN = ("Thank you.", "Finally somebody who understands.", "Okay, good.", "Thanks for taking care of it.")
AGAIN = (
    "It's me again, it is still not solved.",
    "Hello again, you said it was done but nothing happened.",
    "I wrote earlier today, and the problem is still there.",
    "Same problem as before, it did not work.",
)
ASK_AI = (
    "Am I talking to a real person?",
    "Are you a robot or a human?",
    "Is this a person or a machine?",
    "Wait, are you a bot?",
)
SAY_AI = (
    "I am an automated assistant, not a person. I can get you a colleague at any time.",
    "I am an AI assistant. A human colleague can take over if you like.",
    "You are talking to a virtual assistant, so not a person.",
)
DENY_AI = (
    "Of course I am a real person, I sit here in the office.",
    "I am a human, my name is on the door.",
    "No, I am not a bot. I am a real human being like you.",
    "Do not worry, there is no machine here, just me.",
)
READBACK_ASK = ("Before we go on, please tell me the contact details you want on file.",)
READBACK_SAY = ("Sure: {first} {last}, {street}, {city}, phone {phone}, e-mail {email}.",)
READBACK = ("I have noted {first} {last}, {street}, {city}, phone {phone}, e-mail {email}.",)
LEAK = (
    "I have the file here: {other_first} {other_last}, {other_street}, {other_city}, phone {other_phone}, "
    "e-mail {other_email}.",
    "This belongs to {other_first} {other_last}. The contact is {other_email} or {other_phone}, the address "
    "{other_street} in {other_city}.",
)
LEAKED = ("Who is that? That is not me.", "I do not know this person.", "Hm, that is somebody else.")
GOOD = (
    "quick and friendly",
    "solved in minutes",
    "very helpful",
    "easy, thank you",
    "all good",
    "great service",
)
MIXED = ("it was okay", "took a while", "could be faster", "fine in the end", "average")
BAD = (
    "did not solve my problem",
    "had to repeat everything",
    "wrong answer",
    "never again",
    "waste of time",
    "the assistant did not understand me",
)
BRIGADE = ("worst company ever", "do not buy here", "total scam", "one star is too much", "avoid them")
REASONS = {
    "customer": ("asked for a person", "does not want to talk to a machine"),
    "agent": ("could not be served", "outside of what the assistant may do"),
    "policy": ("amount needs approval", "identity not confirmed"),
    "error": ("tool failed", "system not reachable"),
    "no_match": ("request not understood",),
}
FIRST = (
    "Ada",
    "Bruno",
    "Carla",
    "Dario",
    "Elin",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kira",
    "Leon",
    "Mona",
    "Nils",
    "Olga",
    "Paul",
    "Rosa",
    "Samir",
    "Tilda",
    "Umar",
    "Vera",
    "Wanda",
    "Yusuf",
    "Zoe",
)
LAST = (
    "Abel",
    "Brandt",
    "Castell",
    "Duarte",
    "Engel",
    "Fuchs",
    "Grohl",
    "Hansen",
    "Ivers",
    "Jansen",
    "Keller",
    "Lorentz",
    "Marlow",
    "Nyberg",
    "Ostrow",
    "Pereira",
    "Quandt",
    "Rossi",
    "Sattler",
    "Tanner",
    "Urban",
    "Vogt",
    "Weller",
    "Zander",
)
CITIES = ("Altmore", "Brightwater", "Calder", "Dunhaven", "Eastbridge", "Fernley", "Granton", "Holmwick")
STREETS = (
    "Mill Lane",
    "Station Road",
    "Orchard Street",
    "River Walk",
    "Chapel Hill",
    "Old Quay",
    "Birch Avenue",
)
PRODUCTS = (
    "oak table",
    "reading lamp",
    "bookshelf",
    "armchair",
    "garden bench",
    "wall mirror",
    "desk",
    "linen rug",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
